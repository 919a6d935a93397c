from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.fakes.clock import START, FakeClock
from adapters.localfs.url_signer import UrlSigner
from domain.model.errors import Rejected
from domain.model.ids import UserId, VideoId
from domain.model.object_key import ObjectKey, source_key
from domain.ports.bucket_gateway import SignedRequest

SECRET = b"a secret that nobody may ever see"
KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=128).map(
    lambda owner: source_key(UserId(owner), VideoId("1"), ".mp4")
)


def signer(secret: bytes = SECRET, clock: FakeClock | None = None) -> UrlSigner:
    """A signer with this secret."""
    return UrlSigner("https://video.test/telecine/", clock or FakeClock(), secret)


def request_on(url: str) -> SignedRequest:
    """The GET as the server receives it."""
    parts = urlsplit(url)
    assert parts.path.startswith("/telecine/bucket/")
    key = unquote(parts.path.removeprefix("/telecine/bucket/"))
    return SignedRequest("GET", key, dict(parse_qsl(parts.query, keep_blank_values=True)))


def get_url(of: UrlSigner, key: ObjectKey, **response_headers: str) -> str:
    """A URL that is valid for a minute."""
    return of.get_url(key, response_headers=response_headers, expires_in_s=60, signed_at=of.clock.now())


@given(key=KEYS, value=st.text(st.characters(codec="utf-8")))
def test_any_key_and_header_can_be_signed(key: ObjectKey, value: str) -> None:
    """Another process with the same secret accepts it."""
    request = request_on(get_url(signer(), key, shown=value))
    signer().check_get(request)
    assert (request.key, request.query["shown"]) == (key, value)


@given(key=KEYS, other=st.text())
def test_a_url_is_rejected_for_another_key(key: ObjectKey, other: str) -> None:
    """However similar the key is."""
    request = request_on(get_url(signer(), key))
    for changed in {other, key + other, other + key} - {key}:
        with pytest.raises(Rejected):
            signer().check_get(replace(request, key=changed))


def test_a_url_is_rejected_with_another_secret() -> None:
    """A URL is valid only for the secret that signed it."""
    request = request_on(get_url(signer(), ObjectKey("a")))
    with pytest.raises(Rejected):
        signer(b"another secret").check_get(request)


def test_a_url_lives_at_least_as_long_as_promised_and_less_than_a_second_more() -> None:
    """The expiry is in whole seconds, rounded up."""
    clock = FakeClock(START + timedelta(seconds=0.25))
    request = request_on(get_url(signer(clock=clock), ObjectKey("a")))
    clock.advance(60)
    signer(clock=clock).check_get(request)
    clock.advance(1)
    with pytest.raises(Rejected) as refusal:
        signer(clock=clock).check_get(request)
    assert refusal.value.code == "url_expired"


def test_the_secret_is_in_no_repr() -> None:
    """Logs cannot contain it."""
    assert "secret" not in repr(signer())
