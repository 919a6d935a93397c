import errno
import hashlib
import os
import sys
import tracemalloc
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.fakes.clock import START
from adapters.localfs.bucket_gateway import LocalBucketGateway
from adapters.localfs.folder import BucketFolder
from adapters.localfs.multipart_index import LocalUploads
from adapters.localfs.multipart_upload import PartContent
from domain.model.errors import NotFound, ObjectNotFound
from domain.ports.multipart_store import UploadedPart
from tests.contract.bucket_gateway_fixtures import (
    KEY,
    GatewaySubject,
    local_gateway,
    part_request,
    received_part,
    upload_begun,
)

pytestmark = pytest.mark.anyio

FIRST, SECOND, OTHER, LAST = b"0123456789", b"abcdefghij", b"ABCDEFGHIJ", b"end"
WATCHED = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.utime", "os.scandir"}
CRASHED = 42


@pytest.fixture
async def subject(tmp_path: Path) -> AsyncGenerator[GatewaySubject]:
    """A folder that the API serves as a bucket."""
    async with local_gateway(tmp_path) as opened:
        yield opened


def content_of(body: bytes) -> PartContent:
    """A part in memory."""
    return PartContent(len(body), hashlib.md5(body, usedforsecurity=False).hexdigest(), [body])


class Bucket:
    """Uploads to one key without threads, so that a test can kill a process in the middle of one."""

    def __init__(self, root: Path) -> None:
        self.folder = BucketFolder(root, writer="clients")
        self.uploads = LocalUploads(self.folder)
        self.upload_id = ""

    def begin(self) -> None:
        """Create an upload."""
        self.upload_id = self.uploads.create(KEY, part_bytes=10, initiated_at=START)

    def put(self, number: int, body: bytes) -> UploadedPart:
        """Send a part."""
        return self.uploads.get(KEY, self.upload_id).put(number, content_of(body))

    def parts(self) -> list[UploadedPart]:
        """The parts that the bucket has."""
        return self.uploads.get(KEY, self.upload_id).parts()

    def complete(self) -> None:
        """Join the stored parts."""
        upload = self.uploads.get(KEY, self.upload_id)
        upload.complete(upload.parts(), lambda data: self.folder.publish(data, KEY))

    def abort(self) -> None:
        """Abort the upload."""
        self.uploads.get(KEY, self.upload_id).abort()

    def object(self) -> bytes | None:
        """The content under the key."""
        try:
            self.folder.info(KEY)
        except ObjectNotFound:
            return None
        return self.folder.path_of(KEY).read_bytes()

    def restart(self) -> None:
        """The clean-up of the API at its start."""
        self.folder.clear_incoming()
        self.uploads.clear()
        assert list(self.folder.incoming.iterdir()) == []
        left = [path for path in self.uploads.root.iterdir() if not (path / "data").exists()]
        assert left == []


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that dies before its n-th access to the disk; returns whether it died."""
    child = os.fork()
    if not child:
        left = step

        def die(event: str, _arguments: tuple[object, ...]) -> None:
            nonlocal left
            left -= event in WATCHED
            if not left:
                os._exit(CRASHED)

        sys.addaudithook(die)
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in {0, CRASHED}
    return os.waitstatus_to_exitcode(status) == CRASHED


def after_every_crash(
    tmp_path: Path, prepare: Callable[[Bucket], None], work: Callable[[Bucket], None]
) -> Iterator[Bucket]:
    """Kill the work at each access to the disk, and yield the bucket after each restart."""
    step = 1
    while True:
        bucket = Bucket(tmp_path / str(step))
        prepare(bucket)
        was_killed = killed_at(step, lambda killed=bucket: work(killed))  # type: ignore[misc]
        bucket.restart()
        yield bucket
        if not was_killed:
            break
        step += 1
    assert step > 5


def two_parts(bucket: Bucket) -> None:
    """An upload with all its parts."""
    bucket.begin()
    bucket.put(1, FIRST)
    bucket.put(2, LAST)


def test_a_crash_while_an_upload_begins_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    """A listed upload can be used and aborted."""

    def prepare(bucket: Bucket) -> None:
        bucket.begin()
        bucket.abort()

    for bucket in after_every_crash(tmp_path, prepare, Bucket.begin):
        for upload in bucket.uploads.unfinished(""):
            bucket.upload_id = upload.upload_id
            bucket.put(1, LAST)
            bucket.complete()
        assert bucket.uploads.unfinished("") == []


def test_a_crash_while_a_part_is_replaced_leaves_it_missing_or_whole(tmp_path: Path) -> None:
    """The object will contain what is listed, and the other parts do not change."""
    seen: set[bytes | None] = set()

    def prepare(bucket: Bucket) -> None:
        bucket.begin()
        for number, body in ((1, FIRST), (2, SECOND), (3, LAST)):
            bucket.put(number, body)

    for bucket in after_every_crash(tmp_path, prepare, lambda bucket: bucket.put(2, OTHER) and None):
        listed = {part.number: part.etag for part in bucket.parts()}
        bodies = {f'"{content_of(body).digest}"': body for body in (SECOND, OTHER)}
        body = bodies[listed[2]] if 2 in listed else None
        if body is None:
            bucket.put(2, SECOND)
        bucket.complete()
        assert bucket.object() == FIRST + (body or SECOND) + LAST
        seen.add(body)
    assert seen == {SECOND, None, OTHER}


def test_a_crash_during_completion_leaves_the_upload_or_the_object(tmp_path: Path) -> None:
    """There is either the upload or the object; parts that the completion did not name are gone."""
    outcomes: set[bool] = set()
    for bucket in after_every_crash(tmp_path, two_parts, Bucket.complete):
        is_completed = bucket.object() is not None
        outcomes.add(is_completed)
        if is_completed:
            with pytest.raises(NotFound):
                bucket.parts()
        else:
            bucket.complete()
        assert bucket.object() == FIRST + LAST
        assert bucket.uploads.unfinished("") == []
    assert outcomes == {True, False}


def test_a_crash_while_parts_are_dropped_leaves_no_partial_part(tmp_path: Path) -> None:
    """A part is unlisted before `data` is truncated."""

    def complete_first(bucket: Bucket) -> None:
        upload = bucket.uploads.get(KEY, bucket.upload_id)
        upload.complete(upload.parts()[:1], lambda data: bucket.folder.publish(data, KEY))

    for bucket in after_every_crash(tmp_path, two_parts, complete_first):
        if bucket.object() is None:
            listed = len(bucket.parts())
            bucket.complete()
            assert bucket.object() == FIRST + LAST[: 3 * (listed - 1)]
        else:
            assert bucket.object() == FIRST


def test_a_crash_while_an_upload_is_aborted_leaves_it_whole_or_gone(tmp_path: Path) -> None:
    """A repeated abort never fails."""
    counts: set[int] = set()
    for bucket in after_every_crash(tmp_path, two_parts, Bucket.abort):
        counts.add(len(bucket.uploads.unfinished("")))
        if bucket.uploads.unfinished(""):
            bucket.complete()
            assert bucket.object() == FIRST + LAST
        else:
            assert bucket.object() is None
    assert counts == {0, 1}


def test_concurrent_processes_do_not_mix_their_parts(tmp_path: Path) -> None:
    """The bytes of a part belong to the listed ETag, whichever process was last."""
    bucket, size_bytes = Bucket(tmp_path), 512 * 1024
    bucket.upload_id = bucket.uploads.create(KEY, part_bytes=size_bytes, initiated_at=START)
    children: list[int] = []
    for number in range(4):
        child = os.fork()
        if not child:
            for turn in range(10):
                bucket.put(1, bytes([10 * number + turn]) * size_bytes)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    listed = bucket.parts()
    bucket.complete()
    stored = bucket.object()
    assert stored is not None
    assert [part.etag for part in listed] == [f'"{content_of(stored).digest}"']


def test_a_part_that_fills_the_disk_is_missing(tmp_path: Path) -> None:
    """So is the part that it replaces, because its bytes may be overwritten in part."""
    bucket = Bucket(tmp_path)
    two_parts(bucket)

    def full() -> Iterator[bytes]:
        yield OTHER[:4]
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        bucket.uploads.get(KEY, bucket.upload_id).put(1, PartContent(10, "0" * 32, full()))
    assert [part.number for part in bucket.parts()] == [2]
    bucket.put(1, FIRST)
    bucket.complete()
    assert bucket.object() == FIRST + LAST


def test_an_object_of_parts_is_as_old_as_its_completion(tmp_path: Path) -> None:
    """Its parts may have been sent days before."""
    bucket = Bucket(tmp_path)
    two_parts(bucket)
    long_ago = (START.timestamp(), START.timestamp())
    os.utime(bucket.uploads.root / bucket.upload_id / "data", long_ago)
    bucket.complete()
    (found,) = bucket.folder.scan("")
    assert abs((datetime.now(UTC) - found.modified_at).total_seconds()) < 60


def test_other_files_are_ignored(tmp_path: Path) -> None:
    """A file manager may have left files in the folder."""
    bucket = Bucket(tmp_path)
    assert bucket.uploads.unfinished("") == []
    bucket.begin()
    (bucket.uploads.root / ".DS_Store").touch()
    (bucket.uploads.root / ("0" * 32)).touch()
    (bucket.uploads.root / ("1" * 32)).mkdir()
    assert [each.upload_id for each in bucket.uploads.unfinished("videos/")] == [bucket.upload_id]
    bucket.uploads.clear()
    assert (bucket.uploads.root / ".DS_Store").exists()


async def test_clearing_keeps_live_uploads(subject: GatewaySubject, tmp_path: Path) -> None:
    """An unfinished upload can be resumed after a restart; incomplete folders are removed."""
    assert isinstance(subject.gateway, LocalBucketGateway)
    upload_id = await upload_begun(subject)
    part = await received_part(subject, part_request(subject, upload_id), FIRST)
    incoming = tmp_path / "bucket" / "incoming" / "clients"
    (incoming / "half-begun" / "parts").mkdir(parents=True)
    (incoming / "half-begun" / "upload.json").write_bytes(b"{")
    await subject.gateway.clear_incoming()
    assert list(incoming.iterdir()) == []
    assert await subject.multipart.list_parts(KEY, upload_id) == [part]


async def test_a_part_keeps_only_a_few_batches_in_memory(subject: GatewaySubject) -> None:
    """However large it is."""
    chunk, count = bytes(64 * 1024), 1024

    async def body() -> AsyncIterator[bytes]:
        for _ in range(count):
            yield chunk

    size_bytes = len(chunk) * count
    upload_id = await upload_begun(subject, part_bytes=size_bytes)
    request = part_request(subject, upload_id, size_bytes=size_bytes)
    tracemalloc.start()
    try:
        await subject.gateway.receive(request, body())
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (part,) = await subject.multipart.list_parts(KEY, upload_id)
    assert part.size_bytes == 64 * 1024 * 1024
    assert peak_bytes < 8 * 1024 * 1024


async def test_a_part_from_memory_is_not_copied(subject: GatewaySubject) -> None:
    """Many parts are sent concurrently."""
    data = bytes(32 * 1024 * 1024)
    upload_id = await upload_begun(subject, part_bytes=len(data))
    tracemalloc.start()
    try:
        await subject.multipart.upload_part(KEY, upload_id, 1, data)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 1024 * 1024


async def test_a_part_that_comes_twice_is_written_once(subject: GatewaySubject, tmp_path: Path) -> None:
    """Its response was lost; the part is never missing in between."""
    upload_id = await upload_begun(subject)
    first = await received_part(subject, part_request(subject, upload_id), FIRST)
    data = tmp_path / "bucket" / "uploads" / upload_id / "data"
    before = data.stat().st_mtime_ns
    assert await received_part(subject, part_request(subject, upload_id), FIRST[:5], FIRST[5:]) == first
    assert data.stat().st_mtime_ns == before


def test_an_upload_that_ends_under_a_sender_is_not_found(tmp_path: Path) -> None:
    """It existed when it was looked up, and its remaining files have no meaning."""
    bucket = Bucket(tmp_path)
    bucket.begin()
    upload = bucket.uploads.get(KEY, bucket.upload_id)
    (upload.path / "data").unlink()
    for _ in range(2):
        with pytest.raises(NotFound):
            upload.put(1, content_of(FIRST))
        with pytest.raises(NotFound):
            upload.parts()
        upload.abort()
    assert list(bucket.uploads.root.iterdir()) == []
