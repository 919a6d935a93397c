"""Gateways under test, and the requests that clients send to presigned URLs."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from adapters.fakes.bucket_gateway import InMemoryBucketGateway
from adapters.fakes.clock import FakeClock
from adapters.fakes.multipart_store import InMemoryMultipartStore
from adapters.fakes.object_store import InMemoryObjectStore
from adapters.localfs.bucket_gateway import LocalBucketGateway
from adapters.localfs.object_store import LocalObjectStore
from domain.model.object_key import ObjectKey
from domain.ports.bucket_gateway import BucketGateway, SignedRequest
from domain.ports.multipart_store import MultipartStore, UploadedPart
from domain.ports.object_store import ObjectInfo, ObjectStore

BASE_URL = "http://bucket.test"
SECRET = b"a secret of at least thirty-two bytes"
KEY = ObjectKey("videos/ann/1.mp4")
BODY = b"0123456789"


@dataclass(frozen=True)
class GatewaySubject:
    """A gateway, the stores that sign for it, and their clock."""

    gateway: BucketGateway
    store: ObjectStore
    multipart: MultipartStore
    clock: FakeClock


GatewayOpening = Callable[[Path], AbstractAsyncContextManager[GatewaySubject]]


@asynccontextmanager
async def fake_gateway(tmp_path: Path) -> AsyncGenerator[GatewaySubject]:
    """The in-memory fakes."""
    served = tmp_path / "served"
    served.mkdir()
    clock = FakeClock()
    store = InMemoryObjectStore(clock, base_url=BASE_URL)
    multipart = InMemoryMultipartStore(store, clock, base_url=BASE_URL)
    yield GatewaySubject(InMemoryBucketGateway(store, served, multipart), store, multipart, clock)


@asynccontextmanager
async def local_gateway(tmp_path: Path) -> AsyncGenerator[GatewaySubject]:
    """The local folder; at the end no file without a key may be left."""
    root = tmp_path / "bucket"
    clock = FakeClock()
    store = LocalObjectStore(root, secret=SECRET, base_url=BASE_URL, clock=clock)
    gateway = LocalBucketGateway(root, secret=SECRET, base_url=BASE_URL, clock=clock)
    yield GatewaySubject(gateway, store, store.multipart_store, clock)
    assert list(root.glob("incoming/*/*")) == []


@asynccontextmanager
async def without_leaked_tasks() -> AsyncGenerator[None]:
    """Check that every task that was started in the block has ended."""
    before = asyncio.all_tasks()
    yield
    # anyio's test runner uses a separate task for each step.
    assert [task for task in asyncio.all_tasks() - before if "TestRunner" not in repr(task.get_coro())] == []


def request_on(url: str, method: str, *, content_type: str | None = None, length: int | None = None) -> SignedRequest:
    """The request of a client to a presigned URL."""
    parts = urlsplit(url)
    key = unquote(parts.path.removeprefix("/bucket/"))
    return SignedRequest(method, key, dict(parse_qsl(parts.query)), content_type, length)


def put_request(subject: GatewaySubject, *, key: ObjectKey = KEY, size_bytes: int = len(BODY)) -> SignedRequest:
    """The PUT of an object as it was signed."""
    url = subject.store.presign_put(
        key, content_type="video/mp4", size_bytes=size_bytes, expires_in_s=60, signed_at=subject.clock.now()
    ).url
    return request_on(url, "PUT", content_type="video/mp4", length=size_bytes)


async def upload_begun(subject: GatewaySubject, *, part_bytes: int = len(BODY)) -> str:
    """A multipart upload without parts."""
    return await subject.multipart.create(KEY, content_type="video/mp4", part_bytes=part_bytes)


def part_request(
    subject: GatewaySubject, upload_id: str, number: int = 1, *, size_bytes: int = len(BODY)
) -> SignedRequest:
    """The PUT of a part as it was signed; browsers add a media type."""
    url = subject.multipart.presign_part(
        KEY, upload_id, number, size_bytes=size_bytes, expires_in_s=60, signed_at=subject.clock.now()
    ).url
    return request_on(url, "PUT", content_type="application/x-chosen-by-a-browser", length=size_bytes)


async def received(subject: GatewaySubject, request: SignedRequest, body: AsyncIterator[bytes]) -> ObjectInfo:
    """The object that was stored."""
    info = await subject.gateway.receive(request, body)
    assert isinstance(info, ObjectInfo)
    return info


async def received_part(subject: GatewaySubject, request: SignedRequest, *body: bytes) -> UploadedPart:
    """The part that was stored."""
    part = await subject.gateway.receive(request, chunks(*body))
    assert isinstance(part, UploadedPart)
    return part


def get_request(subject: GatewaySubject, *, key: ObjectKey = KEY) -> SignedRequest:
    """A GET as it was signed."""
    return request_on(
        subject.store.presign_get(key, content_type="video/mp4", expires_in_s=60, signed_at=subject.clock.now()), "GET"
    )


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    """A body in chunks."""
    for part in parts:
        yield part
