"""Where an identity provider publishes its keys, and asking there."""

import asyncio
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from adapters.jwt.codec import LEEWAY_S
from adapters.jwt.key_set import KeySet, key_set_of, keys_unavailable

MAX_DOCUMENT_BYTES = 1024 * 1024

# Compressed answers are not wanted: their true size is seen too late.
_HEADERS = {"Accept": "application/jwk-set+json, application/json", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class JwksConfig:
    """Where the keys are, how long asking may take, how old they may grow, and what a token must say."""

    url: str
    audience: str | None = None
    issuer: str | None = None
    max_age_s: float = 300.0
    timeout_s: float = 5.0
    leeway_s: float = LEEWAY_S

    def __post_init__(self) -> None:
        """Refuse an address from which somebody on the way could hand us keys of their own.

        Raises:
            ValueError: it is neither https nor on this machine.
        """
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
            raise ValueError("The key set's address must be https, or http to a loopback address.")


class KeySource:
    """Asks for the key set; follows no redirect, and reads no more than a key set has."""

    def __init__(self, client: httpx.AsyncClient, config: JwksConfig) -> None:
        self._client = client
        self._url = httpx.URL(config.url)
        self._timeout_s = config.timeout_s

    async def fetch(self) -> KeySet:
        """The keys that are published now.

        Raises:
            Unavailable: `jwks_unavailable`, there was no answer in time, or none that is a key set.
        """
        try:
            # The client's own limits hold for each read, and never end for a server that sends byte by byte.
            async with (
                asyncio.timeout(self._timeout_s),
                self._client.stream("GET", self._url, headers=_HEADERS) as answer,
            ):
                document = await _document(answer)
        except (httpx.HTTPError, TimeoutError) as error:
            raise keys_unavailable("The key set could not be fetched, or not in time.") from error
        return key_set_of(document)


async def _document(answer: httpx.Response) -> bytes:
    if not answer.is_success:
        raise keys_unavailable(f"The key set's address answers with {answer.status_code}.")
    document = bytearray()
    async for piece in answer.aiter_raw():
        document += piece
        if len(document) > MAX_DOCUMENT_BYTES:
            raise keys_unavailable(f"The key set has more than {MAX_DOCUMENT_BYTES} bytes.")
    return bytes(document)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
