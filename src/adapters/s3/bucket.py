"""One bucket with its client and a plain HTTP session, which needs less time and memory for frequent requests."""

import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.handlers import add_expect_header
from botocore.loaders import Loader, create_loader
from yarl import URL

from adapters.aio.retries import repeat
from adapters.s3.config import S3Config
from adapters.s3.errors import Interrupted, time_limit, translate_client_errors, translate_errors
from adapters.s3.query_signer import QuerySigner
from adapters.s3.tcp_timeout import AddressInfo, socket_factory_with_timeout
from domain.model.errors import ObjectNotFound, Unavailable
from domain.model.object_key import ObjectKey
from domain.ports.clock import Clock
from domain.ports.object_store import ObjectInfo

if TYPE_CHECKING:  # The types are installed only for the type checkers.
    from types_aiobotocore_s3 import S3Client

T = TypeVar("T")

INTERNAL_EXPIRY_S = 60
EMPTY: Mapping[str, str] = {}
WAITS_S = (1.0, 2.0)  # R2 accepts one write per second and key, and answers others with 429.


@dataclass(frozen=True, slots=True)
class S3Bucket:
    """Sends requests to the bucket; the client retries 5xx and broken connections, this class retries 429."""

    client: "S3Client"
    name: str
    config: S3Config
    clock: Clock
    signer: QuerySigner
    public_signer: QuerySigner
    """Signs for the address at which clients reach the bucket; `signer` for the one that this process uses."""
    http: aiohttp.ClientSession

    async def call(self, request: Callable[[], Awaitable[T]], key: ObjectKey | None = None) -> T:
        """The result of one call; with a key, a 404 means that the object does not exist."""

        async def call_once() -> T:
            with translate_errors(key):
                return await request()

        return await repeat(call_once, waits_s=WAITS_S, is_transient=_is_interruption, clock=self.clock)

    async def head(self, key: ObjectKey) -> ObjectInfo:
        """The object under the key. A response to HEAD has no body, so another request checks that the bucket exists.

        The object nearly always exists, and then a HEAD on a signed URL takes a fraction of the client's time. In every
        other case the client repeats the request, because only the client interprets errors.
        """
        async with time_limit(self.config.head_timeout_s):
            return await self._head_by_url(key) or await self._head_by_client(key)

    async def _head_by_url(self, key: ObjectKey) -> ObjectInfo | None:
        url = self.internal_url("HEAD", key)
        try:
            async with self.http.head(URL(url, encoded=True), allow_redirects=False) as response:
                return _info(key, response)
        except (aiohttp.ClientError, TimeoutError):
            return None

    async def _head_by_client(self, key: ObjectKey) -> ObjectInfo:
        try:
            response = await self.call(lambda: self.client.head_object(Bucket=self.name, Key=key), key)
        except ObjectNotFound:
            await self.require_exists()
            raise
        return ObjectInfo(key, response["ContentLength"], response["ETag"])

    async def require_exists(self) -> None:
        """Check that the bucket exists."""
        await self.call(lambda: self.client.head_bucket(Bucket=self.name))

    def internal_url(
        self,
        method: str,
        key: ObjectKey,
        *,
        query: Mapping[str, str] = EMPTY,
        headers: Mapping[str, str] = EMPTY,
    ) -> str:
        """A presigned URL for a request that this process sends at once."""
        return self.signer.sign(
            method,
            f"/{self.name}/{key}",
            query=query,
            headers=headers,
            now=self.clock.now(),
            expires_in_s=INTERNAL_EXPIRY_S,
        )

    def public_url(
        self,
        method: str,
        key: ObjectKey,
        *,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        expires_in_s: int,
        signed_at: datetime,
    ) -> str:
        """A presigned URL in path style, for a client."""
        return self.public_signer.sign(
            method,
            f"/{self.name}/{key}",
            query=query,
            headers=headers,
            now=signed_at,
            expires_in_s=expires_in_s,
        )


def _is_interruption(error: Unavailable) -> bool:
    return isinstance(error, Interrupted)


def _info(key: ObjectKey, response: aiohttp.ClientResponse) -> ObjectInfo | None:
    etag, size = response.headers.get("ETag"), response.headers.get("Content-Length", "")
    if response.status != HTTPStatus.OK or not etag or not size.isdecimal():
        return None
    return ObjectInfo(key, int(size), etag)


@asynccontextmanager
async def open_bucket(config: S3Config, clock: Clock) -> AsyncGenerator[S3Bucket]:
    """A bucket with its own connection pool, bound to the running event loop."""
    async with AsyncExitStack() as stack:
        with translate_client_errors():
            signer = _signer(config, config.endpoint)
            # One object if there is one address: it derives the key of a day only once.
            public_signer = (
                signer if config.public_endpoint == config.endpoint else _signer(config, config.public_endpoint)
            )
            client = await stack.enter_async_context(_client(config))
            http = await stack.enter_async_context(_http_session(config))
        yield S3Bucket(client, config.bucket, config, clock, signer, public_signer, http)


def _signer(config: S3Config, endpoint: str) -> QuerySigner:
    return QuerySigner(
        endpoint,
        region=config.signing_region,
        access_key_id=config.access_key_id,
        secret_access_key=config.secret_access_key,
    )


@cache
def _models() -> Loader:
    """Botocore's models of S3, read once per process: this takes longer than everything else that a client needs."""
    return create_loader()


@asynccontextmanager
async def _client(config: S3Config) -> AsyncGenerator["S3Client"]:
    session = get_session()
    session.register_component("data_loader", _models())
    opening = session.create_client(
        "s3",
        region_name=config.signing_region,
        endpoint_url=config.endpoint,
        aws_access_key_id=config.access_key_id,
        aws_secret_access_key=config.secret_access_key,
        config=_client_options(config),
    )
    async with opening as client:
        # The wait for a bucket that never answers 100 Continue would have no limit.
        client.meta.events.unregister("before-call.s3", add_expect_header)
        yield client


def _http_session(config: S3Config) -> aiohttp.ClientSession:
    """The session; its time-out is short, so that the client has most of the time left to repeat a failed request."""
    total_s = min(config.read_timeout_s, config.head_timeout_s / 4)
    timeout = aiohttp.ClientTimeout(total=total_s, connect=config.connect_timeout_s)
    # With compression, a proxy could change the ETag or omit the length.
    headers = {"Accept-Encoding": "identity"}
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=_socket_factory(config)),
        timeout=timeout,
        headers=headers,
        auto_decompress=False,
        proxy=_proxy_for(config.endpoint),
    )


def _proxy_for(endpoint: str) -> str | None:
    """The proxy from the environment, which the client uses too; without it, each request would fail here first."""
    parts = urlsplit(endpoint)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


def _client_options(config: S3Config) -> AioConfig:
    return AioConfig(
        signature_version="s3v4",
        # Bodies carry an MD5 that is signed with the headers; hashing them again would block the event loop.
        s3={"addressing_style": "path", "payload_signing_enabled": False},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": config.max_attempts},
        connect_timeout=config.connect_timeout_s,
        read_timeout=config.read_timeout_s,
        max_pool_connections=config.max_connections,
        connector_args={"socket_factory": _socket_factory(config)},
    )


def _socket_factory(config: S3Config) -> Callable[[AddressInfo], socket.socket]:
    # Longer than our own limit, whose error is more precise.
    return socket_factory_with_timeout(2 * config.read_timeout_s)
