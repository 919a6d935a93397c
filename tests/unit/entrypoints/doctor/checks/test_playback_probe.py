"""The doctor's findings about playback: a public endpoint, and a CDN with a right, a wrong or no rule."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from adapters.cdn.playback_signer import CdnPlaybackSigner
from domain.model.videos.playback_lifetime import PlaybackLifetime
from entrypoints.doctor.checks.bucket_probe import BODY, BucketProbe
from entrypoints.doctor.checks.playback_probe import PlaybackProbe
from entrypoints.doctor.report import Level, run_check
from tests.contract.bucket_gateway_fixtures import local_gateway
from tests.contract.object_store_fixtures import app_serving
from tests.contract.test_playback_signer import SECRET, cloudflare_accepts

pytestmark = pytest.mark.anyio

LIFETIME = PlaybackLifetime(3600)
PAGE = "https://video.example.org"

Levels = dict[str, Level]


@dataclass(frozen=True)
class Cdn:
    """A CDN before the bucket; what its rule lets pass is served with these headers."""

    now: Callable[[], float]
    lifetime_s: int = LIFETIME.signed_s
    has_rule: bool = True
    origins: str = "*"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        uri = request.url.raw_path.decode()
        # The check's own lifetime is 60 s; the time is moved so that a longer one ends at the same moment.
        now_s = int(self.now()) - self.lifetime_s + 60
        is_valid = cloudflare_accepts(uri, now_s)
        if self.has_rule and not is_valid:
            return httpx.Response(403)
        return httpx.Response(200, content=BODY, headers={"Access-Control-Allow-Origin": self.origins})


@asynccontextmanager
async def opened(folder: Path, change: Callable[[Cdn], Cdn] = lambda cdn: cdn) -> AsyncGenerator[PlaybackProbe]:
    """The checks against the embedded bucket and this CDN."""
    async with local_gateway(folder) as inner:
        cdn = change(Cdn(lambda: inner.clock.now().timestamp()))
        transport = httpx.ASGITransport(cast("Any", app_serving(inner.gateway)))
        mounts = {"all://cdn.test": httpx.MockTransport(cdn)}
        async with httpx.AsyncClient(transport=transport, mounts=mounts) as http:
            bucket = BucketProbe(inner.store, None, http, inner.clock, "doctor/0123/", (PAGE,))
            cdn_signer = CdnPlaybackSigner("http://cdn.test", SECRET)
            yield PlaybackProbe(bucket, LIFETIME, has_public_endpoint=True, cdn=cdn_signer)


async def levels(probe: AbstractAsyncContextManager[PlaybackProbe]) -> tuple[Levels, str]:
    """The level of each finding, and the text of all."""
    async with probe as opened_probe:
        findings = [await run_check(check) for check in opened_probe.checks()]
    return {each.name: each.verdict.level for each in findings}, "\n".join(each.text for each in findings)


async def test_a_complete_installation_passes(tmp_path: Path) -> None:
    """No finding contains the secret or a token."""
    found, text = await levels(opened(tmp_path))
    names = ("bucket public URL", "bucket GET, CORS", "CDN", "CDN, no token", "CDN, expired")
    assert found == dict.fromkeys(names, Level.OK), text
    assert SECRET.decode() not in text
    assert "verify=" not in text


@pytest.mark.parametrize(
    ("lifetime_s", "failed"),
    [(None, {"CDN, no token", "CDN, expired"}), (3600, {"CDN"}), (86_400, {"CDN, expired"})],
)
async def test_a_wrong_rule_is_found_out(tmp_path: Path, lifetime_s: int | None, failed: set[str]) -> None:
    """None, too short or too long; the remedy has the lifetime that the rule must have."""

    def changed(cdn: Cdn) -> Cdn:
        return replace(cdn, has_rule=False) if lifetime_s is None else replace(cdn, lifetime_s=lifetime_s)

    found, text = await levels(opened(tmp_path, changed))
    assert {name for name, level in found.items() if level is Level.FAILED} == failed
    assert f"{LIFETIME.signed_s} seconds" in text


async def test_pages_that_may_not_read_are_a_warning(tmp_path: Path) -> None:
    """Videos play, but not with captions of another origin."""
    found, text = await levels(opened(tmp_path, lambda cdn: replace(cdn, origins="https://other.example")))
    assert found["bucket GET, CORS"] is Level.WARNING
    assert '"AllowedMethods": ["GET", "PUT"]' in text


async def test_a_public_endpoint_of_another_bucket_has_failed(tmp_path: Path) -> None:
    """What is stored is not found there."""
    async with opened(tmp_path) as probe:
        elsewhere = httpx.AsyncClient(transport=httpx.MockTransport(lambda _request: httpx.Response(404)))
        async with elsewhere:
            lost = replace(probe, bucket=replace(probe.bucket, http=elsewhere))
            finding = await run_check(lost.checks()[0])
    assert (finding.name, finding.verdict.level) == ("bucket public URL", Level.FAILED)
    assert "Host header unchanged" in finding.verdict.remedy


async def test_without_a_cdn_only_the_bucket_is_checked(tmp_path: Path) -> None:
    """Nothing is configured, so nothing else can fail."""
    async with opened(tmp_path) as probe:
        plain = replace(probe, has_public_endpoint=False, cdn=None)
        assert [check.name for check in plain.checks()] == ["bucket GET, CORS"]
