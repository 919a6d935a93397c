"""Fetching the key set over HTTP: which responses are accepted, and which URLs."""

import json
import threading
from collections.abc import Generator

import httpx
import pytest

from adapters.jwt.jwks import KeySet
from adapters.jwt.jwks_client import MAX_DOCUMENT_BYTES, JwksClient, JwksConfig
from domain.model.errors import Unavailable
from tests.services.identity_provider import IdentityProvider, Published, SigningKey, key_set, running_identity_provider

pytestmark = pytest.mark.anyio

KEY = SigningKey("EdDSA", "current")
SET = key_set([KEY])


@pytest.fixture
def provider() -> Generator[IdentityProvider]:
    """A provider with one key; its thread has ended after the test."""
    threads_before = threading.enumerate()
    with running_identity_provider(KEY) as provider:
        yield provider
    assert threading.enumerate() == threads_before


async def fetched(url: str, *, timeout_s: float = 5.0) -> KeySet:
    """The keys that are published at the URL."""
    async with httpx.AsyncClient() as client:
        return await JwksClient(client, JwksConfig(url, timeout_s=timeout_s)).fetch()


def padded(size_bytes: int) -> bytes:
    """A key set of this size."""
    document = json.dumps({"keys": [KEY.jwk], "more": ""}).encode()
    return document.replace(b'""', b'"' + b"x" * (size_bytes - len(document)) + b'"')


async def test_the_published_keys_are_fetched(provider: IdentityProvider) -> None:
    """The media type of the response does not matter."""
    provider.published = Published(SET, headers={"Content-Type": "text/plain"})

    assert [key.kid for key in (await fetched(provider.url)).keys] == ["current"]


async def test_a_large_set_is_read_to_its_limit(provider: IdentityProvider) -> None:
    """A set of exactly the maximum size is accepted."""
    provider.published = Published(padded(MAX_DOCUMENT_BYTES))

    assert len((await fetched(provider.url)).keys) == 1


@pytest.mark.parametrize(
    "published",
    [
        *(Published(SET, status=status) for status in (204, 304, 401, 404, 429, 500, 503)),
        *(Published(SET, status=status, headers={"Location": "/keys"}) for status in (301, 302, 307, 308)),
        Published(b"<html>"),
        Published(SET[:-1]),
        Published(padded(MAX_DOCUMENT_BYTES + 1)),
        Published(b" " * 50 * MAX_DOCUMENT_BYTES),
        Published(SET, headers={"Content-Length": "100000"}),
        Published(SET, headers={"Content-Length": "many"}),
        Published(SET, headers={"Content-Encoding": "gzip", "Content-Length": "1"}),
    ],
    ids=lambda published: f"{published.status} {published.body[:10]} {published.headers}",
)
async def test_any_other_response_is_an_outage(provider: IdentityProvider, published: Published) -> None:
    """After one request; no error of the HTTP client reaches the caller."""
    provider.published = published

    with pytest.raises(Unavailable) as refused:
        await fetched(provider.url)
    assert (refused.value.code, provider.request_count) == ("jwks_unavailable", 1)


async def test_the_whole_response_must_come_within_the_timeout(provider: IdentityProvider) -> None:
    """A provider that does not answer is unavailable."""
    provider.published = Published(hangs=True)

    with pytest.raises(Unavailable) as refused:
        await fetched(provider.url, timeout_s=0.2)
    assert refused.value.code == "jwks_unavailable"


async def test_a_refused_connection_is_an_outage(provider: IdentityProvider) -> None:
    """Nothing listens on port 1."""
    with pytest.raises(Unavailable):
        await fetched("http://127.0.0.1:1/keys")


@pytest.mark.parametrize(
    "url", ["https://idp.example/keys", "http://127.0.0.1:8080/keys", "http://[::1]/keys", "http://localhost/keys"]
)
def test_keys_come_over_tls_or_from_this_machine(url: str) -> None:
    """Nothing on the network can change the response."""
    assert JwksConfig(url).url == url


@pytest.mark.parametrize(
    "url", ["http://idp.example/keys", "http://10.0.0.1/keys", "http://localhost.example/", "file:///keys", "", "http:"]
)
def test_keys_over_plain_http_are_refused(url: str) -> None:
    """An attacker who can change the keys can sign as any user."""
    with pytest.raises(ValueError, match="https"):
        JwksConfig(url)
