"""How the S3 adapter handles every error of a bucket: it retries, or fails with a reason."""

import asyncio
import ssl
import traceback
import tracemalloc
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import msgspec
import pytest

from adapters.fakes.clock import FakeClock
from adapters.s3.config import S3Config
from adapters.s3.object_store import S3ObjectStore, open_object_store
from domain.model.errors import ObjectNotFound, TelecineError, Unavailable
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.ports.object_store import ObjectInfo, Peek
from tests.contract.s3_object_store_fixtures import ShiftedClock, r2, rclone
from tests.services.r2 import Fault
from tests.services.s3 import S3Server

pytestmark = pytest.mark.anyio

KEY = ObjectKey("videos/ann/1.mp4")
BODY = bytes(range(256)) * 8192
LARGE = BODY * 6  # A little more than two parts.
CANARIES = ("canary", "X-Amz-Signature")


@dataclass(frozen=True)
class FaultyStore:
    """A store whose bucket fails on request."""

    store: S3ObjectStore
    config: S3Config
    folder: Path

    async def upload(self, body: bytes = BODY, key: ObjectKey = KEY) -> ObjectInfo:
        """Store this content as a file."""
        source = self.folder / "source"
        await asyncio.to_thread(source.write_bytes, body)
        return await self.store.upload(source, key, content_type="video/mp4", on_progress=lambda _: None)

    async def downloaded(self, info: ObjectInfo) -> bytes:
        """The content that a download writes."""
        target = self.folder / "target"
        await self.store.download(info.key, target, etag=info.etag, on_progress=lambda _: None)
        return await asyncio.to_thread(target.read_bytes)

    async def fail(self, operation: str, kind: str, **more: int | str) -> None:
        """Make the next calls of an operation fail."""
        await self.fail_each([msgspec.convert({"operation": operation, "kind": kind, **more}, Fault)])

    async def fail_each(self, faults: list[Fault]) -> None:
        """Make every matching call fail from now on."""
        await self._control("/-/faults", msgspec.json.encode(faults))

    async def calls(self) -> list[str]:
        """The operations since the last faults were set."""
        return msgspec.json.decode(await self._control("/-/calls", b""), type=list[str])

    async def _control(self, path: str, body: bytes) -> bytes:
        async with httpx.AsyncClient(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False) as client:
            return (await client.post(f"{self.config.endpoint}{path}", content=body)).content


class HurriedClock(ShiftedClock):
    """A clock with the real time, for signatures, whose sleep returns at once."""

    async def sleep(self, delay_s: float) -> None:
        """Let other tasks run."""
        await asyncio.sleep(min(delay_s, 0))


@pytest.fixture
async def line(tmp_path: Path) -> AsyncGenerator[FaultyStore]:
    """The smallest allowed parts, and one try of the client library, so that no error takes long."""
    server = r2()
    config = server.config(bucket=await asyncio.to_thread(server.new_bucket))
    config = replace(config, part_size_bytes=MIN_PART_BYTES, multipart_threshold_bytes=MIN_PART_BYTES, max_attempts=2)
    async with open_object_store(config, HurriedClock()) as store:
        opened = FaultyStore(store, config, tmp_path)
        await opened.fail("None", "status", times=0)
        yield opened


@pytest.mark.parametrize(
    ("status", "code"), [(500, "InternalError"), (503, "ServiceUnavailable"), (429, "TooManyRequests")]
)
@pytest.mark.parametrize("operation", ["PutObject", "HeadObject"])
async def test_one_transient_error_is_not_noticed(line: FaultyStore, operation: str, status: int, code: str) -> None:
    """The same call retries it."""
    await line.fail(operation, "status", status=status, code=code)
    assert (await line.upload()).size_bytes == len(BODY)
    assert (await line.calls()).count(operation) == 2


@pytest.mark.parametrize(("status", "code"), [(409, "OperationAborted"), (408, "RequestTimeout"), (423, "Locked")])
async def test_errors_that_the_client_library_does_not_retry_are_retried(
    line: FaultyStore, status: int, code: str
) -> None:
    """A conflict with another call, or a timeout, is transient."""
    await line.fail("PutObject", "status", status=status, code=code, times=2)
    assert (await line.upload()).size_bytes == len(BODY)
    assert (await line.calls()).count("PutObject") == 3


async def test_an_absent_object_is_deleted_where_the_bucket_calls_that_an_error(line: FaultyStore) -> None:
    """As Google's does."""
    await line.fail("DeleteObject", "status", status=404, code="NoSuchKey")
    await line.store.delete(KEY)
    assert await line.calls() == ["DeleteObject", "HeadBucket"]


async def test_a_404_from_a_wrong_endpoint_deletes_nothing(line: FaultyStore) -> None:
    """It must not count as a bucket without the object."""
    faults = [Fault(operation, "status", status=404, code="404") for operation in ("DeleteObject", "HeadBucket")]
    await line.fail_each(faults)
    with pytest.raises(Unavailable) as caught:
        await line.store.delete(KEY)
    assert (caught.value.code, caught.value.retryable) == ("bucket_missing", True)


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [(503, "ServiceUnavailable", "storage_unavailable"), (429, "SlowDown", "storage_throttled")],
)
async def test_a_bucket_that_stays_away_is_unavailable_for_now(
    line: FaultyStore, status: int, code: str, ours: str
) -> None:
    """The job's back-off takes over."""
    await line.fail("PutObject", "status", status=status, code=code, times=99)
    with pytest.raises(Unavailable) as caught:
        await line.upload()
    assert (caught.value.code, caught.value.retryable) == (ours, True)


async def test_a_download_goes_on_where_it_broke_off(line: FaultyStore) -> None:
    """No byte is repeated or missing."""
    info = await line.upload()
    await line.fail("GetObject", "cut", after_bytes=len(BODY) // 2)
    assert await line.downloaded(info) == BODY
    assert (await line.calls()).count("GetObject") == 2


async def test_a_download_that_always_breaks_off_fails_and_leaves_nothing(line: FaultyStore) -> None:
    """No partial file is left."""
    info = await line.upload()
    await line.fail("GetObject", "cut", times=99)
    with pytest.raises(Unavailable) as caught:
        await line.downloaded(info)
    assert caught.value.retryable
    assert not (line.folder / "target").exists()


async def test_an_upload_whose_answers_are_lost_has_succeeded(line: FaultyStore) -> None:
    """The object exists, and its ETag proves that it is this file."""
    await line.fail("PutObject", "lost", times=2)
    info = await line.upload()
    assert (info.size_bytes, await line.downloaded(info) == BODY) == (len(BODY), True)


async def test_a_large_file_goes_in_equal_parts(line: FaultyStore) -> None:
    """The double rejects others, as R2 does."""
    info = await line.upload(LARGE)
    assert await line.downloaded(info) == LARGE
    assert (await line.calls()).count("UploadPart") == 3


@pytest.mark.parametrize("times", [1, 2])
async def test_a_completion_whose_answer_is_lost_has_succeeded(line: FaultyStore, times: int) -> None:
    """The retry finds no upload, but the object exists."""
    await line.fail("CompleteMultipartUpload", "lost", times=times)
    assert (await line.upload(LARGE)).size_bytes == len(LARGE)


async def test_an_error_inside_a_200_is_an_error(line: FaultyStore) -> None:
    """Once, it is retried; if permanent, the upload fails and leaves no parts."""
    await line.fail("CompleteMultipartUpload", "inside_200", code="InternalError")
    assert (await line.upload(LARGE)).size_bytes == len(LARGE)
    await line.fail("CompleteMultipartUpload", "inside_200", code="InternalError", times=99)
    other = ObjectKey("videos/ann/2.mp4")
    with pytest.raises(Unavailable) as caught:
        await line.upload(LARGE, other)
    assert caught.value.retryable
    assert await line.store.multipart_store.list_uploads("") == []
    with pytest.raises(ObjectNotFound):
        await line.store.head(other)


async def test_a_part_that_fails_for_good_aborts_the_upload(line: FaultyStore) -> None:
    """No parts are left that would cost storage."""
    await line.fail("UploadPart", "status", status=503, times=99)
    with pytest.raises(Unavailable):
        await line.upload(LARGE)
    assert await line.store.multipart_store.list_uploads("") == []


async def test_a_cancelled_upload_is_aborted(line: FaultyStore) -> None:
    """A worker that shuts down leaves no parts."""
    seen = asyncio.Event()
    source = line.folder / "source"
    await asyncio.to_thread(source.write_bytes, LARGE)
    upload = asyncio.create_task(
        line.store.upload(source, KEY, content_type="video/mp4", on_progress=lambda _: seen.set())
    )
    await seen.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert await line.store.multipart_store.list_uploads("") == []


async def test_a_peek_is_one_request(line: FaultyStore) -> None:
    """Every `complete` sends it."""
    info = await line.upload()
    await line.fail("None", "status", times=0)
    assert await line.store.peek(KEY, length=64) == Peek(info, BODY[:64])
    assert await line.calls() == ["GetObject"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("GetObject", "status"),
        Fault("GetObject", "status", times=2),
        Fault("GetObject", "cut", after_bytes=10),
        Fault("GetObject", "cut", times=2, after_bytes=10),
        Fault("GetObject", "status", status=429, code="SlowDown", times=2),
    ],
)
async def test_a_peek_with_a_transient_error_is_retried(line: FaultyStore, fault: Fault) -> None:
    """By the client library, which knows more errors."""
    info = await line.upload()
    await line.fail_each([fault])
    assert await line.store.peek(KEY, length=64) == Peek(info, BODY[:64])
    assert (await line.calls()).count("GetObject") == fault.times + 1


async def test_a_peek_at_an_object_being_replaced_is_unavailable(line: FaultyStore) -> None:
    """The first bytes of one object are never combined with the size of another."""
    await line.upload()
    await line.fail("GetObject", "status", status=416, code="InvalidRange", times=2)
    with pytest.raises(Unavailable) as caught:
        await line.store.peek(KEY, length=64)
    assert caught.value.retryable


@pytest.mark.parametrize(
    "fault",
    [
        Fault("UploadPart", "status", times=2),
        Fault("UploadPart", "status", status=429, code="SlowDown", times=2),
        Fault("UploadPart", "status", status=400, code="BadDigest", times=2),
        Fault("UploadPart", "lost", times=2),
    ],
)
async def test_a_part_from_memory_is_sent_again_from_its_beginning(line: FaultyStore, fault: Fault) -> None:
    """An earlier try may have sent some or all of it."""
    multipart = line.store.multipart_store
    upload_id = await multipart.create(KEY, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    await line.fail_each([fault])
    part = await multipart.upload_part(KEY, upload_id, 1, BODY)
    assert (await line.calls()).count("UploadPart") == 3
    assert await multipart.complete(KEY, upload_id, [part]) == await line.store.head(KEY)
    assert (await line.store.peek(KEY, length=len(BODY))).first_bytes == BODY


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (503, "ServiceUnavailable", "storage_unavailable"),
        (429, "SlowDown", "storage_throttled"),
        (403, "AccessDenied", "storage_denied"),
        (400, "no code", "storage_refused"),
    ],
)
async def test_a_part_from_memory_that_is_never_taken_is_unavailable(
    line: FaultyStore, status: int, code: str, ours: str
) -> None:
    """The error contains the reason."""
    multipart = line.store.multipart_store
    upload_id = await multipart.create(KEY, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    await line.fail("UploadPart", "status", status=status, code=code, times=99)
    with pytest.raises(Unavailable) as caught:
        await multipart.upload_part(KEY, upload_id, 1, BODY)
    assert (caught.value.code, caught.value.retryable) == (ours, True)
    assert_no_canary(caught.value)


async def test_parts_from_memory_are_not_copied(line: FaultyStore) -> None:
    """Eight of 5 MiB are sent concurrently."""
    multipart, data = line.store.multipart_store, bytes(MIN_PART_BYTES)
    upload_id = await multipart.create(KEY, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    await multipart.upload_part(KEY, upload_id, 9, data)
    tracemalloc.start()
    try:
        await asyncio.gather(*(multipart.upload_part(KEY, upload_id, number, data) for number in range(1, 9)))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(await multipart.list_parts(KEY, upload_id)) == 9
    assert peak_bytes < MIN_PART_BYTES


@pytest.mark.parametrize("server", [r2, rclone])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"access_key_id": "nobody-known-here"}, "storage_denied"),
        ({"secret_access_key": "another-canary-secret"}, "storage_denied"),
        ({"bucket": "no-such-bucket"}, "bucket_missing"),
    ],
)
async def test_check_says_what_the_operator_has_to_correct(
    server: Callable[[], S3Server], change: dict[str, str], code: str, tmp_path: Path
) -> None:
    """Every other call says the same, without secrets, and not for a missing object."""
    config = replace(server().config(), **change)
    async with open_object_store(config, FakeClock(auto=True)) as store:
        wrong = FaultyStore(store, config, tmp_path)
        for call in (store.check(), store.head(KEY), store.peek(KEY, length=1), store.list_keys(""), wrong.upload()):
            with pytest.raises(Unavailable) as caught:
                await call
            assert (caught.value.code, caught.value.retryable) == (code, True)
            assert_no_canary(caught.value)


def assert_no_canary(error: TelecineError) -> None:
    """Neither the detail nor what a log would show contains a secret."""
    shown = "".join(traceback.format_exception(error)) + repr(error)
    assert [canary for canary in CANARIES if canary in error.detail] == []
    assert "canary-secret" not in shown


async def test_an_unreachable_endpoint_is_unavailable(line: FaultyStore) -> None:
    """A wrong endpoint cannot be distinguished from an outage."""
    config = replace(line.config, endpoint_url="http://127.0.0.1:1", max_attempts=1)
    async with open_object_store(config, FakeClock(auto=True)) as store:
        with pytest.raises(Unavailable) as caught:
            await store.head(KEY)
    assert (caught.value.code, caught.value.retryable) == ("storage_unavailable", True)


@pytest.mark.parametrize(
    "change",
    [{"region": "us east"}, {"endpoint_url": "http://a_b-.x:9/"}, {"endpoint_url": "http://127.0.0.1:port"}],
)
async def test_a_client_that_cannot_be_made_is_a_setting_to_correct(line: FaultyStore, change: dict[str, str]) -> None:
    """An operator may correct it, so jobs wait for that."""
    with pytest.raises(Unavailable) as caught:
        async with open_object_store(replace(line.config, **change), FakeClock(auto=True)):
            pass
    assert (caught.value.code, caught.value.retryable) == ("storage_misconfigured", True)
