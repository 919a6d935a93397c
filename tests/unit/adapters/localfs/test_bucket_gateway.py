import asyncio
import tracemalloc
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest

from adapters.localfs.bucket_gateway import LocalBucketGateway
from adapters.localfs.object_store import LocalObjectStore
from domain.model.errors import ObjectChanged, ObjectNotFound
from domain.ports.bucket_gateway import SignedRequest
from tests.contract.bucket_gateway_fixtures import KEY, GatewaySubject, chunks, local_gateway, put_request, received

pytestmark = pytest.mark.anyio


@pytest.fixture
async def subject(tmp_path: Path) -> AsyncGenerator[GatewaySubject]:
    """A folder that the API serves as a bucket."""
    async with local_gateway(tmp_path) as opened:
        yield opened


def put(subject: GatewaySubject, size_bytes: int) -> SignedRequest:
    """An upload of this size."""
    return put_request(subject, size_bytes=size_bytes)


async def test_receive_keeps_only_a_few_batches_in_memory(subject: GatewaySubject) -> None:
    """However large the body is."""
    chunk, count = bytes(64 * 1024), 1024

    async def body() -> AsyncIterator[bytes]:
        for _ in range(count):
            yield chunk

    tracemalloc.start()
    try:
        info = await received(subject, put(subject, len(chunk) * count), body())
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert info.size_bytes == 64 * 1024 * 1024
    assert peak_bytes < 8 * 1024 * 1024


async def test_a_download_is_always_the_object_of_its_etag(subject: GatewaySubject, tmp_path: Path) -> None:
    """Even while another upload replaces it: either the recorded bytes, or an error."""
    bodies = {(await received(subject, put(subject, 4), chunks(b"old!"))).etag: b"old!"}
    outcomes: set[str] = set()

    async def replace_again_and_again() -> None:
        for number in range(100):
            body = f"{number:04}".encode()
            bodies[(await received(subject, put(subject, 4), chunks(body))).etag] = body

    async def download_again_and_again() -> None:
        while not replacing.done():
            outcomes.add(await try_download((await subject.store.head(KEY)).etag))

    async def try_download(etag: str) -> str:
        target = tmp_path / "target"
        try:
            await subject.store.download(KEY, target, etag=etag, on_progress=lambda _: None)
        except ObjectChanged:
            assert not target.exists()
            return "refused"
        downloaded[etag] = target.read_bytes()
        target.unlink()
        return "downloaded"

    downloaded: dict[str, bytes] = {}
    replacing = asyncio.create_task(replace_again_and_again())
    await asyncio.gather(replacing, download_again_and_again())
    assert "downloaded" in outcomes
    assert downloaded == {etag: bodies[etag] for etag in downloaded}


async def test_each_side_can_clear_what_its_crash_left(subject: GatewaySubject, tmp_path: Path) -> None:
    """Objects stay, and so do the files that the other side is writing."""
    assert isinstance(subject.store, LocalObjectStore)
    assert isinstance(subject.gateway, LocalBucketGateway)
    await subject.store.clear_incoming()
    await subject.gateway.receive(put(subject, 4), chunks(b"body"))
    incoming = tmp_path / "bucket" / "incoming"
    (incoming / "workers").mkdir()
    halves = {incoming / side / "half" for side in ("clients", "workers")}
    for half in halves:
        half.write_bytes(b"ha")
    await subject.store.clear_incoming()
    assert {path for path in incoming.rglob("*") if path.is_file()} == {incoming / "clients" / "half"}
    await subject.gateway.clear_incoming()
    assert not [path for path in incoming.rglob("*") if path.is_file()]
    assert await subject.store.list_keys("") == [KEY]


async def test_reading_creates_no_folder(subject: GatewaySubject, tmp_path: Path) -> None:
    """A missing folder is an empty bucket."""
    with pytest.raises(ObjectNotFound):
        await subject.store.head(KEY)
    await subject.store.delete(KEY)
    assert await subject.store.list_keys("videos/") == []
    assert not (tmp_path / "bucket").exists()
