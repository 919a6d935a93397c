"""The contract of every signer of playback URLs: buckets, and a CDN in front of one."""

import base64
import hmac
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from adapters.cdn.playback_signer import CdnPlaybackSigner
from adapters.fakes.clock import FakeClock
from adapters.fakes.playback_signer import FakePlaybackSigner
from domain.model.object_key import ObjectKey
from domain.ports.playback_signer import PlaybackSigner
from tests.contract.object_store_fixtures import Subject, fake, local
from tests.contract.s3_object_store_fixtures import s3_r2

pytestmark = pytest.mark.anyio

KEY = ObjectKey("derived/auth0%7Cann/1/1-rendition.mp4")
OTHER_KEY = ObjectKey("derived/auth0%7Cann/1/2-rendition.mp4")
SECRET = b"0123456789abcdef0123456789abcdef"
LIFETIME_S = 60


@dataclass(frozen=True)
class Signed:
    """A signer, its time, and whether a GET of a URL serves this object."""

    signer: PlaybackSigner
    now: Callable[[], datetime]
    serves: Callable[[str, ObjectKey], Awaitable[bool]]

    def url(self, key: ObjectKey = KEY, *, ago_s: float = 0) -> str:
        """A URL that was signed some seconds ago."""
        signed_at = self.now() - timedelta(seconds=ago_s)
        return self.signer.presign_get(key, content_type="video/mp4", expires_in_s=LIFETIME_S, signed_at=signed_at)


def cloudflare_accepts(uri: str, now_s: int) -> bool:
    """Check the request as Cloudflare documents `is_timed_hmac_valid_v0(secret, uri, 60, now, 8)`."""
    found = re.fullmatch(r"(?P<message>.+)(?P<separator>.{8})(?P<time>\d{10})-(?P<mac>.{43,})", uri)
    if found is None or found["separator"] != "?verify=":
        return False
    mac = hmac.new(SECRET, (found["message"] + found["time"]).encode(), "sha256").digest()
    return base64.b64decode(unquote(found["mac"])) == mac and now_s < int(found["time"]) + LIFETIME_S


@asynccontextmanager
async def fake_cdn(_folder: Path) -> AsyncGenerator[Signed]:
    """The fake."""
    signer, clock = FakePlaybackSigner(), FakeClock()

    async def serves(url: str, key: ObjectKey) -> bool:
        return signer.key_of(url, clock.now()) == key

    yield Signed(signer, clock.now, serves)


@asynccontextmanager
async def cdn(_folder: Path) -> AsyncGenerator[Signed]:
    """A domain at Cloudflare with its rule."""
    clock = FakeClock()

    async def serves(url: str, key: ObjectKey) -> bool:
        parts = urlsplit(url)
        is_accepted = cloudflare_accepts(f"{parts.path}?{parts.query}", int(clock.now().timestamp()))
        return is_accepted and unquote(parts.path) == f"/{key}" and parts.hostname == "cdn.example.org"

    yield Signed(CdnPlaybackSigner("https://cdn.example.org", SECRET), clock.now, serves)


def over(opening: Callable[[Path], AbstractAsyncContextManager[Subject]]) -> "Opening":
    """A bucket, which signs playback URLs itself."""

    @asynccontextmanager
    async def opened(folder: Path) -> AsyncGenerator[Signed]:
        async with opening(folder) as subject:
            for key in (KEY, OTHER_KEY):
                source = subject.workspace / "source"
                source.write_text(key)
                await subject.store.upload(source, key, content_type="video/mp4", on_progress=lambda _percent: None)
                source.unlink()

            async def serves(url: str, key: ObjectKey) -> bool:
                answer = await subject.wire.get(url)
                return answer.is_success and answer.text == key

            yield Signed(subject.store, subject.now, serves)

    return opened


Opening = Callable[[Path], AbstractAsyncContextManager[Signed]]
OPENINGS: dict[str, Opening] = {
    "fake": fake_cdn,
    "cdn": cdn,
    "fake_bucket": over(fake),
    "localfs": over(local),
    "s3_r2": over(s3_r2),
}


@pytest.fixture(params=OPENINGS)
async def signed(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Signed]:
    """Each signer in turn."""
    async with OPENINGS[str(request.param)](tmp_path) as opened:
        yield opened


async def test_a_url_serves_its_object_until_it_expires(signed: Signed) -> None:
    """Keys may contain percent signs."""
    assert await signed.serves(signed.url(), KEY)
    assert await signed.serves(signed.url(ago_s=LIFETIME_S - 20), KEY)
    assert not await signed.serves(signed.url(ago_s=LIFETIME_S + 1), KEY)


async def test_a_url_serves_no_other_object(signed: Signed) -> None:
    """The signature covers the key."""
    url = signed.url()
    assert url != signed.url(OTHER_KEY)
    assert not await signed.serves(url.replace("1-rendition", "2-rendition"), OTHER_KEY)
    assert not await signed.serves(url.partition("?")[0], KEY)


async def test_the_same_arguments_give_the_same_url(signed: Signed) -> None:
    """Caches find what they hold by the URL."""
    now = signed.now()
    first, again, later = [
        signed.signer.presign_get(KEY, content_type="video/mp4", expires_in_s=LIFETIME_S, signed_at=moment)
        for moment in (now, now, now + timedelta(seconds=1))
    ]
    assert first == again != later


def test_the_token_is_the_one_that_cloudflare_accepted() -> None:
    """A URL of https://cloudflare-hmac.pages.dev/posts/hmac_validation, with its published secret."""
    signer = CdnPlaybackSigner("https://www.justalittlebyte.ovh", b"cloudflare")
    url = signer.presign_get(
        ObjectKey("tokenauth/kayak.mp4"),
        content_type="video/mp4",
        expires_in_s=LIFETIME_S,
        signed_at=datetime.fromtimestamp(1657026353, UTC),
    )
    token = "1657026353-ZXJWAyFwAgJSY%2B5j3CkJE80TatA33E3MEH4D%2FkSnh7M%3D"
    assert url == f"https://www.justalittlebyte.ovh/tokenauth/kayak.mp4?verify={token}"
    assert "cloudflare'" not in repr(signer)
