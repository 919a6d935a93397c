"""Receiving files through the API."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Conflict, Rejected, TelecineError, Unavailable
from domain.model.failure import FailureCode
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.uploads.policy import UploadDeclaration
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.multipart_store import UploadedPart
from domain.use_cases.uploads.receive_upload import ReceivedUpload
from entrypoints.config.uploads import UploadSettings
from tests.support.receiving import DECLARED, ROOM, HungUp, broken_off, left_by_a_dead_server, receive, videos
from tests.support.uploading import TWO_PARTS, chunks_of
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio


async def nothing_left(world: World) -> None:
    """Expect that the only video failed, and that the bucket is empty once the jobs have run."""
    (video,) = await videos(world)
    assert video.failure is not None
    assert (video.status, video.failure.code) == (VideoStatus.FAILED, FailureCode.UPLOAD_FAILED)
    await world.run_jobs()
    assert (world.keys, world.multipart.uploads) == (set(), {})


@pytest.mark.parametrize(
    "size_bytes",
    [
        4096,
        MIN_PART_BYTES - 1,
        MIN_PART_BYTES,
        MIN_PART_BYTES + 1,
        2 * MIN_PART_BYTES,
        ROOM - 1,
        ROOM,
    ],
)
@pytest.mark.parametrize("chunk", [64 * 1024, 7_000_001])
async def test_a_file_is_stored_in_parts_as_it_arrives(world: World, size_bytes: int, chunk: int) -> None:
    """Size and chunking do not matter; its real size is recorded, and a process job is created."""
    content = fake_video_bytes(size_bytes=size_bytes)
    received = await receive(world, content, chunk=chunk)
    assert not received.is_replay
    video = received.video
    assert (video.status, video.source.size_bytes) == (VideoStatus.UPLOADED, size_bytes)
    assert world.objects.objects[video.source.key] == content
    assert world.multipart.uploads == {}
    assert len(await world.jobs(video.id, JobKind.PROCESS)) == 1
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


@pytest.mark.parametrize("excess", [1, MIN_PART_BYTES])
async def test_a_file_larger_than_declared_is_refused(world: World, excess: int) -> None:
    """It is refused as soon as the excess arrives."""
    with pytest.raises(Rejected) as refused:
        await receive(world, fake_video_bytes(size_bytes=ROOM + excess))
    assert refused.value.code == "file_too_large"
    await nothing_left(world)


@pytest.mark.parametrize(("content", "code"), [(b"", "invalid_file_size"), (b"Dear diary", "not_a_video")])
async def test_a_file_that_is_no_video_creates_none(world: World, content: bytes, code: str) -> None:
    """Its first bytes show that; neither a row nor a multipart upload is created."""
    with pytest.raises(Rejected) as refused:
        await receive(world, content)
    assert refused.value.code == code
    assert (await videos(world), world.multipart.uploads) == ([], {})


async def test_a_refused_declaration_reads_no_content(world: World) -> None:
    """The policy is the same as for presigned uploads."""
    with pytest.raises(Rejected) as refused:
        await world.application.uploads.receive(ADA, UploadDeclaration("a.txt", 10, ""), chunks_of(TWO_PARTS))
    assert refused.value.code == "unsupported_extension"
    assert await videos(world) == []


@pytest.mark.parametrize("after", [MIN_PART_BYTES, MIN_PART_BYTES + 1, 2 * MIN_PART_BYTES])
async def test_an_upload_that_breaks_off_fails_its_video(world: World, after: int) -> None:
    """Nothing is left in the bucket, and the idempotency key can be used again."""
    content = fake_video_bytes(size_bytes=ROOM)
    with pytest.raises(HungUp):
        await world.application.uploads.receive(ADA, DECLARED, broken_off(content, after), key="again")
    await nothing_left(world)
    assert not (await receive(world, key="again")).is_replay


async def test_an_upload_that_breaks_off_in_its_first_part_creates_no_video(world: World) -> None:
    """Too little had arrived to check the first bytes."""
    with pytest.raises(HungUp):
        await world.application.uploads.receive(ADA, DECLARED, broken_off(TWO_PARTS, MIN_PART_BYTES - 1), key="again")
    assert (await videos(world), world.multipart.uploads) == ([], {})
    assert not (await receive(world, key="again")).is_replay


@pytest.mark.parametrize("number", [1, 2])
async def test_a_request_that_is_cancelled_fails_its_video(
    world: World, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The server shuts down, or the connection drops, in the middle of a part."""
    is_sending = asyncio.Event()
    send = world.multipart.upload_part

    async def hang_at(key: ObjectKey, upload_id: str, part: int, data: bytes) -> UploadedPart:
        if part == number:
            is_sending.set()
            await asyncio.Event().wait()
        return await send(key, upload_id, part, data)

    monkeypatch.setattr(world.multipart, "upload_part", hang_at)
    receiving = asyncio.create_task(receive(world, key="again"))
    await is_sending.wait()
    receiving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await receiving
    await nothing_left(world)
    monkeypatch.setattr(world.multipart, "upload_part", send)
    assert not (await receive(world, key="again")).is_replay


@pytest.mark.parametrize("method", ["upload_part", "complete", "peek"])
async def test_a_bucket_that_fails_fails_the_video(world: World, method: str) -> None:
    """The client may send the file again under the same key."""
    store = world.objects if method == "peek" else world.multipart
    store.fail_next(method)
    with pytest.raises(Unavailable):
        await receive(world, key="again")
    await nothing_left(world)
    assert not (await receive(world, key="again")).is_replay


async def test_a_failed_multipart_upload_creates_no_video(world: World) -> None:
    """The bucket fails before anything is stored."""
    world.multipart.fail_next("create")
    with pytest.raises(Unavailable):
        await receive(world)
    assert await videos(world) == []


async def test_after_a_database_outage_the_clean_up_does_the_rest(world: World) -> None:
    """The client gets an error, and the upload expires like any other."""
    content = fake_video_bytes(size_bytes=ROOM)

    async def chunks() -> AsyncIterator[bytes]:
        yield content[: MIN_PART_BYTES + 1]
        world.database.is_down = True
        raise HungUp

    with pytest.raises(HungUp):
        await world.application.uploads.receive(ADA, DECLARED, chunks())
    world.database.is_down = False
    (video,) = await videos(world)
    assert video.status is VideoStatus.UPLOADING
    world.clock.advance(25 * 3600)
    await world.application.clean_up.expire_uploads()
    await world.run_jobs()
    assert world.multipart.uploads == {}


async def test_a_request_cancelled_after_acceptance_keeps_its_video(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client gets no response, and finds its video when it repeats the request."""
    is_sending = asyncio.Event()

    async def hang(_job: object) -> None:
        is_sending.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(world.queue, "send", hang)
    receiving = asyncio.create_task(receive(world, key="again"))
    await is_sending.wait()
    receiving.cancel()
    await until(receiving.done)
    (video,) = await videos(world)
    assert video.status is VideoStatus.UPLOADED
    replayed = await receive(world, key="again")
    assert (replayed.is_replay, replayed.video) == (True, video)


async def test_a_video_deleted_while_it_is_received_leaves_nothing(world: World) -> None:
    """Its parts are refused, and the upload is aborted."""
    content = fake_video_bytes(size_bytes=ROOM)

    async def chunks() -> AsyncIterator[bytes]:
        yield content[: MIN_PART_BYTES + 1]
        (video,) = await videos(world)
        await world.application.delete_video(ADA, video.id)
        await world.run_jobs()
        yield content[MIN_PART_BYTES + 1 :]

    with pytest.raises(TelecineError):
        await world.application.uploads.receive(ADA, DECLARED, chunks())
    await world.run_jobs()
    assert (world.keys, world.multipart.uploads, await videos(world)) == (set(), {}, [])


async def test_a_repeated_request_is_answered_without_the_file(world: World) -> None:
    """The response needs no byte of the content."""
    first = await receive(world, key="again")
    again = await world.application.uploads.receive(ADA, DECLARED, broken_off(b"", 0), key="again")
    assert (again.is_replay, again.video) == (True, first.video)


async def test_a_request_that_is_still_running_holds_its_key(world: World) -> None:
    """A second request is refused until then, before or after it has begun to send."""
    answers: list[str] = []

    async def chunks() -> AsyncIterator[bytes]:
        yield TWO_PARTS[: MIN_PART_BYTES + 1]
        with pytest.raises(Conflict) as refused:
            await receive(world, key="again")
        answers.append(refused.value.code)
        yield TWO_PARTS[MIN_PART_BYTES + 1 :]

    received = await world.application.uploads.receive(ADA, DECLARED, chunks(), key="again")
    assert (answers, received.video.status) == (["idempotency_key_in_use"], VideoStatus.UPLOADED)


async def test_a_closed_upload_releases_its_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is free at once; here the owner cancels the upload."""
    left = await left_by_a_dead_server(world, monkeypatch)
    await world.application.uploads.cancel(ADA, left.id)
    assert not (await receive(world, key="again")).is_replay


async def test_one_of_two_concurrent_requests_holds_the_key(world: World) -> None:
    """The other one leaves no multipart upload behind."""
    results = await asyncio.gather(*(receive(world, key="again") for _ in range(2)), return_exceptions=True)
    codes = [result.code for result in results if isinstance(result, Conflict)]
    assert codes == ["idempotency_key_in_use"]
    assert (len(await videos(world)), world.multipart.uploads) == (1, {})


async def test_a_key_of_a_presigned_upload_is_another_request(world: World) -> None:
    """The same key cannot refer to both."""
    await world.application.uploads.request(ADA, DECLARED, key="again")
    with pytest.raises(Rejected) as refused:
        await receive(world, key="again")
    assert refused.value.code == "idempotency_key_reused"


async def test_a_file_without_parts_is_a_programming_error(world: World) -> None:
    """A client cannot cause it."""
    video = await world.request_upload(TWO_PARTS)
    with pytest.raises(TypeError, match="multipart upload"):
        await world.application.uploads.receive._store(video, memoryview(TWO_PARTS), _no_parts())


async def test_concurrent_files_are_limited(world: World) -> None:
    """Each needs the memory of a part; a request beyond the limit is refused and can be repeated."""
    may_finish = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield TWO_PARTS[:100]
        await may_finish.wait()

    receive_one = world.application.uploads.receive
    waiting = [
        asyncio.create_task(receive_one(ADA, DECLARED, slow()))
        for _ in range(UploadSettings().proxied_upload_concurrency)
    ]
    await until(receive_one.slots.locked)
    with pytest.raises(Unavailable, match="Too many"):
        await receive(world)
    may_finish.set()
    assert {type(outcome) for outcome in await asyncio.gather(*waiting, return_exceptions=True)} == {ReceivedUpload}
    await receive_one.wait_closed()
    assert (await receive(world)).video.is_uploaded


async def _no_parts() -> AsyncIterator[memoryview]:
    """Yield nothing."""
    return
    yield memoryview(b"")
