"""A bucket that accepts a connection and then sends nothing, or reads no more: every call ends cleanly."""

import asyncio
import re
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

from adapters.fakes.clock import FakeClock
from adapters.s3.config import S3Config
from adapters.s3.object_store import S3ObjectStore, open_object_store
from domain.model.errors import NotFound, Unavailable
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MIB, MIN_PART_BYTES
from tests.support.world import until

pytestmark = pytest.mark.anyio

KEY = ObjectKey("videos/ann/1.mp4")
SILENCE_S = 1.0
SMALL = 10_000
MORE_THAN_BUFFERS_TAKE = 24 * MIB
SLOW_BYTES = 32 * MIB
PACE_S = 0.05
TRIES = 3
ENDS_WITHIN_S = 60.0
"""Far more than the limits come to, for machines under load; far less than for ever."""

ESTABLISHED = "01"
UPLOAD_BEGUN = b"<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"


@dataclass
class SilentBucket:
    """Reads the head of each request, and responds only as far as configured."""

    answers: dict[str, bytes] = field(default_factory=dict[str, bytes])
    early: bytes = b""
    """What it says to everybody before it has read a body, which it never does then."""
    heads: list[str] = field(default_factory=list[str])
    released: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one request; the body is read only if a response follows, and no faster than the configured rate."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            method = head.split(" ", 1)[0]
            if method in self.answers:
                await _take_slowly(reader, head)
                writer.write(self.answers[method])
            else:
                writer.write(self.early)
                await self.released.wait()
        writer.close()

    def calls(self, method: str) -> int:
        """The number of requests of this kind."""
        return sum(head.startswith(f"{method} ") for head in self.heads)

    def held(self) -> int:
        """The number of open client connections, as the kernel reports it."""
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(row[2].endswith(f":{self.port:04X}") and row[3] == ESTABLISHED for row in rows)


async def _take_slowly(reader: asyncio.StreamReader, head: str) -> None:
    length = re.search(r"content-length: (\d+)", head.lower())
    for _ in range(int(length[1]) // MIB if length else 0):
        await reader.readexactly(MIB)
        await asyncio.sleep(PACE_S)


def _answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


@pytest.fixture
async def bucket() -> AsyncGenerator[SilentBucket]:
    """It closes its connections at the end."""
    silent = SilentBucket()
    server = await asyncio.start_server(silent.serve, "127.0.0.1", 0)
    async with server:
        silent.port = server.sockets[0].getsockname()[1]
        yield silent
        silent.released.set()


@pytest.fixture
async def store(bucket: SilentBucket) -> AsyncGenerator[S3ObjectStore]:
    """A store with short timeouts."""
    async with open_object_store(_config(bucket), FakeClock(auto=True)) as opened:
        yield opened


def _config(bucket: SilentBucket) -> S3Config:
    return S3Config(
        "b",
        "key",
        "secret",
        f"http://127.0.0.1:{bucket.port}",
        read_timeout_s=SILENCE_S,
        head_timeout_s=SILENCE_S,
        check_timeout_s=SILENCE_S,
    )


async def upload(store: S3ObjectStore, folder: Path, size_bytes: int) -> None:
    """Store this many bytes."""
    source = folder / "source"
    await asyncio.to_thread(source.write_bytes, bytes(size_bytes))
    await store.upload(source, KEY, content_type="video/mp4", on_progress=lambda _: None)


@pytest.mark.parametrize("size_bytes", [0, SMALL, MORE_THAN_BUFFERS_TAKE])
async def test_an_upload_that_is_not_answered_or_not_taken_ends(
    bucket: SilentBucket, store: S3ObjectStore, tmp_path: Path, size_bytes: int
) -> None:
    """It is retried as often as every call; then the job's back-off takes over."""
    async with asyncio.timeout(ENDS_WITHIN_S):
        with pytest.raises(Unavailable) as caught:
            await upload(store, tmp_path, size_bytes)
    assert (caught.value.code, caught.value.retryable) == ("storage_unavailable", True)
    assert bucket.calls("PUT") >= TRIES


@pytest.mark.parametrize("size_bytes", [0, SMALL, MORE_THAN_BUFFERS_TAKE])
async def test_a_part_from_memory_that_is_not_answered_or_not_taken_ends(
    bucket: SilentBucket, store: S3ObjectStore, size_bytes: int
) -> None:
    """It is retried as often as every call."""
    async with asyncio.timeout(ENDS_WITHIN_S):
        with pytest.raises(Unavailable) as caught:
            await store.multipart_store.upload_part(KEY, "u1", 1, bytes(size_bytes))
    assert (caught.value.code, caught.value.retryable) == ("storage_unavailable", True)
    assert bucket.calls("PUT") == TRIES
    await until(lambda: bucket.held() == 0)


async def test_a_part_that_is_refused_early_is_not_sent_to_its_end(bucket: SilentBucket, store: S3ObjectStore) -> None:
    """The bucket has sent the error, and reads no more."""
    refusal = b"<Error><Code>NoSuchUpload</Code></Error>"
    head = b"HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n" % len(refusal)
    bucket.early = head + refusal
    with pytest.raises(NotFound) as caught:
        await store.multipart_store.upload_part(KEY, "u1", 1, bytes(MORE_THAN_BUFFERS_TAKE))
    assert (caught.value.code, bucket.calls("PUT")) == ("upload_not_found", 1)
    await until(lambda: bucket.held() == 0)


async def test_a_slow_part_from_memory_that_goes_on_is_no_silence(bucket: SilentBucket) -> None:
    """The timeout is for a stall, not for the whole transfer."""
    bucket.answers = {"PUT": b'HTTP/1.1 200 OK\r\nConnection: close\r\nETag: "e"\r\nContent-Length: 0\r\n\r\n'}
    config = replace(_config(bucket), read_timeout_s=SLOW_BYTES / MIB * PACE_S / 1.6)
    async with open_object_store(config, FakeClock(auto=True)) as store:
        begun_at = monotonic()
        part = await store.multipart_store.upload_part(KEY, "u1", 1, bytes(SLOW_BYTES))
    assert (part.etag, part.size_bytes) == ('"e"', SLOW_BYTES)
    assert monotonic() - begun_at > config.read_timeout_s


async def test_a_peek_reads_only_what_it_needs_of_an_endless_response(
    bucket: SilentBucket, store: S3ObjectStore
) -> None:
    """If the bucket ignores ranges, gigabytes may follow: the connection is closed."""
    head = b'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 9000000000\r\n\r\n'
    bucket.answers = {"GET": head + b"0123456789"}
    peek = await store.peek(KEY, length=4)
    assert (peek.info.size_bytes, peek.first_bytes) == (9_000_000_000, b"0123")
    await until(lambda: bucket.held() == 0)


@pytest.mark.parametrize("content_range", [b"bytes 5-9/20", b"bytes 0-4/*"])
async def test_a_peek_at_another_place_is_refused(
    bucket: SilentBucket, store: S3ObjectStore, content_range: bytes
) -> None:
    """The response is not for the first bytes, or lacks the total size."""
    head = b'HTTP/1.1 206 Partial Content\r\nConnection: close\r\nETag: "e"\r\nContent-Length: 5\r\n'
    bucket.answers = {"GET": head + b"Content-Range: " + content_range + b"\r\n\r\n01234"}
    with pytest.raises(Unavailable) as caught:
        await store.peek(KEY, length=5)
    assert caught.value.code == "storage_refused"


async def test_no_upload_waits_for_100_continue(bucket: SilentBucket, store: S3ObjectStore, tmp_path: Path) -> None:
    """The HTTP client has no timeout for that wait."""
    with pytest.raises(Unavailable):
        await upload(store, tmp_path, SMALL)
    assert not any("expect:" in head.lower() for head in bucket.heads)


async def test_a_part_that_is_not_taken_aborts_the_upload(bucket: SilentBucket, tmp_path: Path) -> None:
    """No parts are left that would cost storage."""
    bucket.answers = {"POST": _answer(UPLOAD_BEGUN), "DELETE": _answer(b"")}
    config = replace(_config(bucket), part_size_bytes=12 * MIB, multipart_threshold_bytes=MIN_PART_BYTES)
    async with open_object_store(config, FakeClock(auto=True)) as store, asyncio.timeout(ENDS_WITHIN_S):
        with pytest.raises(Unavailable) as caught:
            await upload(store, tmp_path, MORE_THAN_BUFFERS_TAKE)
    assert (caught.value.code, caught.value.retryable) == ("storage_unavailable", True)
    assert bucket.calls("DELETE") == 1


async def test_a_failing_abort_does_not_hide_the_error(bucket: SilentBucket, tmp_path: Path) -> None:
    """The error of the upload is raised; the bucket removes the parts some day."""
    bucket.answers = {"POST": _answer(UPLOAD_BEGUN)}
    config = replace(_config(bucket), multipart_threshold_bytes=SMALL, max_attempts=2)
    async with open_object_store(config, FakeClock(auto=True)) as store, asyncio.timeout(ENDS_WITHIN_S):
        with pytest.raises(Unavailable, match="stopped reading"):
            await upload(store, tmp_path, 2 * SMALL)
    assert bucket.calls("DELETE") > 0


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system can't give up a socket by itself")
async def test_a_stalled_connection_is_closed(bucket: SilentBucket, store: S3ObjectStore, tmp_path: Path) -> None:
    """Unsent bytes in its buffer would otherwise keep it open as long as the bucket does."""
    with pytest.raises(Unavailable):
        await upload(store, tmp_path, MORE_THAN_BUFFERS_TAKE)
    assert bucket.calls("PUT") >= TRIES
    await until(lambda: bucket.held() == 0)


async def test_a_slow_upload_that_goes_on_is_no_silence(bucket: SilentBucket, tmp_path: Path) -> None:
    """The timeout is for a stall, not for the whole transfer."""
    found = b'HTTP/1.1 200 OK\r\nConnection: close\r\nETag: "e"\r\nContent-Length: %d\r\n\r\n' % SLOW_BYTES
    bucket.answers = {"PUT": _answer(b""), "HEAD": found}
    config = replace(_config(bucket), read_timeout_s=SLOW_BYTES / MIB * PACE_S / 1.6, head_timeout_s=ENDS_WITHIN_S)
    async with open_object_store(config, FakeClock(auto=True)) as store:
        begun_at = monotonic()
        await upload(store, tmp_path, SLOW_BYTES)
    assert monotonic() - begun_at > config.read_timeout_s


@pytest.mark.parametrize(
    "call",
    [S3ObjectStore.check, partial(S3ObjectStore.head, key=KEY), partial(S3ObjectStore.peek, key=KEY, length=9)],
)
async def test_short_calls_have_a_short_timeout(
    bucket: SilentBucket, call: Callable[[S3ObjectStore], Awaitable[object]]
) -> None:
    """Readiness and `complete` do not wait as long as a job may."""
    config = replace(_config(bucket), read_timeout_s=2 * ENDS_WITHIN_S)
    async with open_object_store(config, FakeClock(auto=True)) as store, asyncio.timeout(ENDS_WITHIN_S):
        with pytest.raises(Unavailable) as caught:
            await call(store)
    assert (caught.value.code, caught.value.retryable) == ("storage_unavailable", True)
    assert bucket.calls("HEAD") + bucket.calls("GET") > 0
