"""The address of an identity provider's key set, and the HTTP request that fetches it."""

import asyncio
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from adapters.jwt.codec import LEEWAY_S
from adapters.jwt.jwks import KeySet, keys_unavailable, parse_key_set

MAX_DOCUMENT_BYTES = 1024 * 1024

# No compression: the size of a compressed response is known only after it has been decompressed.
_HEADERS = {"Accept": "application/jwk-set+json, application/json", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class JwksConfig:
    """The key set's URL, its timeout and maximum age, and the claims that a token must have."""

    url: str
    audience: str | None = None
    issuer: str | None = None
    max_age_s: float = 300.0
    timeout_s: float = 5.0
    leeway_s: float = LEEWAY_S

    def __post_init__(self) -> None:
        """Refuse a URL whose response could be changed on the network: its keys decide which tokens are valid.

        Raises:
            ValueError: the URL is neither https nor http to a loopback address.
        """
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
            raise ValueError("The key set's URL must be https, or http to a loopback address.")


class JwksClient:
    """Fetches the key set; reads at most `MAX_DOCUMENT_BYTES`, and treats a redirect as an error."""

    def __init__(self, client: httpx.AsyncClient, config: JwksConfig) -> None:
        self._client = client
        self._url = httpx.URL(config.url)
        self._timeout_s = config.timeout_s

    async def fetch(self) -> KeySet:
        """The keys that are published now.

        Raises:
            Unavailable: `jwks_unavailable`, there was no response within the timeout, or it is not a key set.
        """
        try:
            # The client's own timeout restarts with each read, so a server that sends single bytes never exceeds it.
            async with (
                asyncio.timeout(self._timeout_s),
                self._client.stream("GET", self._url, headers=_HEADERS) as response,
            ):
                document = await _document(response)
        except (httpx.HTTPError, TimeoutError) as error:
            raise keys_unavailable("The key set could not be fetched within the timeout.") from error
        return parse_key_set(document)


async def _document(response: httpx.Response) -> bytes:
    if not response.is_success:
        raise keys_unavailable(f"The key set's URL answers with status {response.status_code}.")
    document = bytearray()
    async for piece in response.aiter_raw():
        document += piece
        if len(document) > MAX_DOCUMENT_BYTES:
            raise keys_unavailable(f"The key set is larger than {MAX_DOCUMENT_BYTES} bytes.")
    return bytes(document)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
