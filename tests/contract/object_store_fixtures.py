"""Object stores under test, each with a client that reaches its bucket over HTTP."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, Protocol, TypeVar, cast

import httpx
import pytest
from litestar import Litestar
from litestar.datastructures import State

from adapters.fakes.object_store import InMemoryObjectStore
from domain.ports.bucket_gateway import BucketGateway
from domain.ports.object_store import ObjectStore
from entrypoints.http.local_bucket.routes import bucket
from tests.contract.bucket_gateway_fixtures import fake_gateway, local_gateway

T = TypeVar("T")

OTHER_FILE_SYSTEM = Path("/dev/shm")


class Wire(Protocol):
    """A client of the bucket that knows only URLs."""

    async def put(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of a PUT."""
        ...

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """The response to a GET."""
        ...


@dataclass(frozen=True)
class HttpWire:
    """A wire over any HTTP client."""

    client: httpx.AsyncClient

    async def put(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of a PUT."""
        return (await self.client.put(url, headers=headers, content=body)).status_code

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """The response to a GET."""
        return await self.client.get(url, headers=headers)


@dataclass(frozen=True)
class Subject:
    """A store, its wire, and what a test may change in its environment."""

    store: ObjectStore
    wire: Wire
    workspace: Path
    """An empty local folder for uploaded and downloaded files."""
    now: Callable[[], datetime]
    """The time by the clock that signs URLs."""
    shift_clock: Callable[[float], None]
    """Advance the clock that signs URLs; the server that checks them follows only if it runs in the same process."""
    break_bucket: Callable[[], None]
    """Make every later call fail."""
    status_when_expired: int = 403
    lacks: frozenset[str] = frozenset()
    """Features of S3 that this server lacks; the adapter fulfils its contract all the same."""

    def signed_earlier(self, seconds: float, sign: Callable[[], T]) -> T:
        """The result of `sign` with the clock set back by this many seconds."""
        self.shift_clock(-seconds)
        try:
            return sign()
        finally:
            self.shift_clock(seconds)


Opening = Callable[[Path], AbstractAsyncContextManager[Subject]]


@asynccontextmanager
async def fake(tmp_path: Path) -> AsyncGenerator[Subject]:
    """The in-memory fake, served by the API."""
    async with fake_gateway(tmp_path) as inner, wire_to(inner.gateway) as wire:
        store = inner.store
        assert isinstance(store, InMemoryObjectStore)

        def break_bucket() -> None:
            for method in ("head", "peek", "download", "upload", "delete", "scan", "list_keys", "check"):
                store.fail_next(method, times=100)

        yield Subject(store, wire, new_workspace(tmp_path), inner.clock.now, inner.clock.advance, break_bucket)


@asynccontextmanager
async def local(tmp_path: Path) -> AsyncGenerator[Subject]:
    """The local folder, served by the API, on the file system of the workspace."""
    async with _local(tmp_path, new_workspace(tmp_path)) as subject:
        yield subject


@asynccontextmanager
async def local_across_file_systems(tmp_path: Path) -> AsyncGenerator[Subject]:
    """The local folder, served by the API, with a workspace on a file system that allows no hard link to it."""
    _need_another_file_system_than(tmp_path)
    with TemporaryDirectory(dir=OTHER_FILE_SYSTEM) as workspace:
        async with _local(tmp_path, Path(workspace)) as subject:
            yield subject


def _need_another_file_system_than(path: Path) -> None:
    if not OTHER_FILE_SYSTEM.is_dir() or OTHER_FILE_SYSTEM.stat().st_dev == path.stat().st_dev:
        pytest.skip(f"{OTHER_FILE_SYSTEM} is not another file system than {path}")


@asynccontextmanager
async def _local(tmp_path: Path, workspace: Path) -> AsyncGenerator[Subject]:
    async with local_gateway(tmp_path) as inner, wire_to(inner.gateway) as wire:
        yield Subject(
            inner.store, wire, workspace, inner.clock.now, inner.clock.advance, lambda: break_folder(tmp_path)
        )


def break_folder(tmp_path: Path) -> None:
    """Replace the folder by a symbolic link to itself, so that every system call on it fails."""
    root = tmp_path / "bucket"
    if root.exists():
        root.rename(tmp_path / "lost")
    root.symlink_to(root)


@asynccontextmanager
async def wire_to(gateway: BucketGateway | None) -> AsyncGenerator[HttpWire]:
    """A wire to an API that serves only this bucket."""
    # Litestar and httpx have different types for the same ASGI messages.
    app = cast("Any", app_serving(gateway))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        yield HttpWire(client)


def app_serving(gateway: BucketGateway | None) -> Litestar:
    """An API with only the routes of the bucket."""
    application = SimpleNamespace(bucket_gateway=gateway)
    return Litestar([bucket], state=State({"application": application}), openapi_config=None)


def new_workspace(tmp_path: Path) -> Path:
    """An empty folder."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    return workspace
