"""Uploads in parts: signing, resuming and completing; and renewing a single PUT."""

import asyncio
from collections.abc import Sequence

import pytest

from domain.model.errors import Conflict, Rejected, Unavailable, VideoNotFound
from domain.model.failure import FailureCode
from domain.model.ids import VideoId
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo, Peek
from tests.support.uploading import PART_SIZES, TWO_PARTS, grant_of, put, send_parts, sent_in_parts
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

# The default part size is 16 MiB, so a small file has one part.
HUNDRED_PARTS_AND_MORE = UploadDeclaration("clip.mp4", 9 * 1024**3, "", UploadStrategy.MULTIPART)


async def refused(world: World, video: Video, numbers: Sequence[int]) -> str:
    """Request URLs of these parts, and return the code of the refusal."""
    with pytest.raises((Rejected, Conflict)) as refusal:
        await world.application.uploads.sign_parts(ADA, video.id, numbers)
    return refusal.value.code


async def complete(world: World, video: Video) -> Video:
    """Report the upload complete."""
    return await world.application.uploads.complete(ADA, video.id)


async def completion_refused(world: World, video: Video) -> Rejected:
    """Report the upload complete, and return the refusal."""
    with pytest.raises(Rejected) as refusal:
        await complete(world, video)
    return refusal.value


async def test_parts_are_signed_in_any_order_and_again(small_parts: World) -> None:
    """A part that is sent again replaces the earlier one."""
    video = (await grant_of(small_parts)).signed.video
    signed = await small_parts.application.uploads.sign_parts(ADA, video.id, [2, 1])
    assert [(part.number, part.size_bytes) for part in signed.parts] == [(2, PART_SIZES[2]), (1, PART_SIZES[1])]
    await put(small_parts, signed.parts[0].presigned, b"?" * PART_SIZES[2])
    small_parts.clock.advance(5000)
    with pytest.raises(Rejected, match="expired"):
        await put(small_parts, signed.parts[0].presigned, b"!" * PART_SIZES[2])
    await send_parts(small_parts, video, TWO_PARTS, 1, 2)
    await complete(small_parts, video)
    assert small_parts.objects.objects[video.source.key] == TWO_PARTS


async def test_up_to_a_hundred_parts_are_signed_at_once(world: World) -> None:
    """An empty list, too many parts, a repeated part and an unknown part are refused."""
    video = (await world.application.uploads.request(ADA, HUNDRED_PARTS_AND_MORE)).signed.video
    assert video.source.plan is not None
    last = video.source.plan.count
    signed = await world.application.uploads.sign_parts(ADA, video.id, range(last - 99, last + 1))
    assert len(signed.parts) == 100
    for numbers in ([], range(1, 102), [1, 1], [0], [-1], [last + 1]):
        assert await refused(world, video, numbers) == "invalid_part_numbers"


async def test_asking_for_urls_keeps_an_upload_open(small_parts: World) -> None:
    """The request shows that the client is active; the lifetime of the new URLs starts with it."""
    video = (await grant_of(small_parts)).signed.video
    small_parts.clock.advance(3000)
    await small_parts.application.uploads.sign_parts(ADA, video.id, [1])
    now = await small_parts.video(video.id)
    assert (now.updated_at, now.upload_expires_at) == (
        small_parts.clock.now(),
        small_parts.application.uploads.sign_parts.sign.expires_at(small_parts.clock.now()),
    )


async def test_a_single_put_has_no_parts(world: World) -> None:
    """An upload in parts, in turn, has no single PUT to renew."""
    single, parts = await world.grant(TWO_PARTS), (await grant_of(world)).signed.video
    assert await refused(world, single, [1]) == "not_multipart"
    with pytest.raises(Conflict) as refusal:
        await world.application.uploads.renew(ADA, parts.id)
    assert refusal.value.code == "not_single_put"


async def test_a_fresh_url_takes_the_same_file(world: World) -> None:
    """It does so after the first one has expired, too; until then both are valid."""
    grant = await grant_of(world, strategy=UploadStrategy.SINGLE)
    video, first = grant.signed.video, grant.signed.presigned
    world.clock.advance(3000)
    fresh = (await world.application.uploads.renew(ADA, video.id)).presigned
    assert first is not None
    assert fresh is not None
    await put(world, first, TWO_PARTS)
    world.clock.advance(3000)
    with pytest.raises(Rejected, match="expired"):
        await put(world, first, TWO_PARTS)
    await put(world, fresh, TWO_PARTS)
    assert (await complete(world, video)).status is VideoStatus.UPLOADED


@pytest.mark.parametrize(("end", "code"), [("complete", "upload_completed"), ("cancel", "upload_closed")])
async def test_an_ended_upload_is_not_signed_again(world: World, end: str, code: str) -> None:
    """Neither a part nor a single PUT is signed."""
    single, parts = await world.grant(TWO_PARTS), await sent_in_parts(world)
    world.objects.objects[single.source.key] = TWO_PARTS
    for video in (single, parts):
        await getattr(world.application.uploads, end)(ADA, video.id)
    assert await refused(world, parts, [1]) == code
    with pytest.raises(Conflict) as refusal:
        await world.application.uploads.renew(ADA, single.id)
    assert refusal.value.code == code


async def test_an_upload_can_be_resumed_by_its_id(small_parts: World) -> None:
    """The bucket shows which parts are received and which are missing."""
    video = (await grant_of(small_parts)).signed.video
    describe = small_parts.application.uploads.get_status
    progress = await describe(ADA, video.id)
    assert (progress.received_bytes, progress.parts, progress.missing_parts) == (0, {}, [1, 2])
    await send_parts(small_parts, video, TWO_PARTS, 2)
    progress = await describe(ADA, video.id)
    assert (progress.received_bytes, progress.parts) == (PART_SIZES[2], {2: PART_SIZES[2]})
    assert progress.missing_parts == [1]
    await send_parts(small_parts, video, TWO_PARTS, 1)
    assert (await describe(ADA, video.id)).missing_parts == []
    await complete(small_parts, video)
    progress = await describe(ADA, video.id)
    assert (progress.received_bytes, progress.parts, progress.missing_parts) == (len(TWO_PARTS), PART_SIZES, [])


async def test_a_part_of_a_wrong_size_must_be_sent_again(small_parts: World) -> None:
    """The status lists it as missing; the completion is refused and names it, like a part outside the plan."""
    video = await sent_in_parts(small_parts)
    (upload,) = small_parts.multipart.uploads.values()
    upload.parts[2] = b"?"
    upload.parts[3] = b"?"
    assert (await small_parts.application.uploads.get_status(ADA, video.id)).missing_parts == [2]
    refusal = await completion_refused(small_parts, video)
    assert refusal.code == "part_size_mismatch"
    assert refusal.detail.endswith(" 2, 3.")
    del upload.parts[3]
    await send_parts(small_parts, video, TWO_PARTS, 2)
    assert (await complete(small_parts, video)).status is VideoStatus.UPLOADED


async def test_the_status_of_a_single_put_is_its_size(world: World) -> None:
    """The object is either complete or absent."""
    video = await world.grant(TWO_PARTS)
    describe = world.application.uploads.get_status
    assert ((await describe(ADA, video.id)).received_bytes, (await describe(ADA, video.id)).missing_parts) == (0, [])
    world.objects.objects[video.source.key] = TWO_PARTS
    assert (await describe(ADA, video.id)).received_bytes == len(TWO_PARTS)
    await complete(world, video)
    assert (await describe(ADA, video.id)).received_bytes == len(TWO_PARTS)


async def test_nothing_is_left_of_a_closed_upload(small_parts: World) -> None:
    """There is nothing to resume, even if the bucket still has parts."""
    video = await sent_in_parts(small_parts)
    await small_parts.application.uploads.cancel(ADA, video.id)
    progress = await small_parts.application.uploads.get_status(ADA, video.id)
    assert (progress.received_bytes, progress.parts, progress.missing_parts) == (0, {}, [1, 2])


async def test_joined_parts_count_as_received(small_parts: World) -> None:
    """The parts were joined, but the response was lost; repeating the call completes the upload."""
    video = await sent_in_parts(small_parts)
    small_parts.objects.fail_next("peek")
    with pytest.raises(Unavailable):
        await complete(small_parts, video)
    progress = await small_parts.application.uploads.get_status(ADA, video.id)
    assert (progress.received_bytes, progress.missing_parts) == (len(TWO_PARTS), [])
    assert (await complete(small_parts, video)).status is VideoStatus.UPLOADED


async def test_a_dropped_upload_has_nothing(small_parts: World) -> None:
    """A bucket drops an unfinished upload after a week: every part is missing, and completion is refused."""
    video = await sent_in_parts(small_parts)
    small_parts.multipart.uploads.clear()
    progress = await small_parts.application.uploads.get_status(ADA, video.id)
    assert (progress.received_bytes, progress.missing_parts) == (0, [1, 2])
    assert (await completion_refused(small_parts, video)).code == "upload_missing"


async def test_an_upload_with_missing_parts_is_not_complete(small_parts: World) -> None:
    """The error names them; once they are sent, the same call succeeds, and creates one process job."""
    video = (await grant_of(small_parts)).signed.video
    await send_parts(small_parts, video, TWO_PARTS, 1)
    refusal = await completion_refused(small_parts, video)
    assert refusal.code == "upload_incomplete"
    assert refusal.detail.startswith("1 of 2 parts are missing")
    await send_parts(small_parts, video, TWO_PARTS, 2)
    accepted = await complete(small_parts, video)
    assert (accepted.status, await complete(small_parts, video)) == (VideoStatus.UPLOADED, accepted)
    assert small_parts.objects.objects[video.source.key] == TWO_PARTS
    assert len(await small_parts.jobs(video.id, JobKind.PROCESS)) == 1


async def test_of_many_missing_parts_the_first_are_named(world: World) -> None:
    """A list of thousands would be useless."""
    video = (await world.application.uploads.request(ADA, HUNDRED_PARTS_AND_MORE)).signed.video
    refusal = await completion_refused(world, video)
    assert refusal.detail.startswith("576 of 576 parts are missing")
    assert refusal.detail.endswith(" 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, ….")


async def test_fifty_concurrent_completions_create_one_job(small_parts: World) -> None:
    """The parts are joined once."""
    video = await sent_in_parts(small_parts)
    answers = await asyncio.gather(*(complete(small_parts, video) for _ in range(50)))
    assert {answer.status for answer in answers} == {VideoStatus.UPLOADED}
    assert len(await small_parts.jobs(video.id, JobKind.PROCESS)) == 1


async def test_parts_that_are_no_video_fail_the_video(world: World) -> None:
    """They are joined by then and cannot be sent again; the object is erased."""
    content = b"?" * MIN_PART_BYTES
    video = await sent_in_parts(world, content)
    assert (await completion_refused(world, video)).code == "not_a_video"
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.status, failed.failure.code) == (VideoStatus.FAILED, FailureCode.NOT_A_VIDEO)
    await world.run_jobs()
    assert world.keys == set()
    with pytest.raises(Conflict) as refusal:
        await complete(world, video)
    assert refusal.value.code == "upload_closed"


async def test_a_single_put_that_is_no_video_can_be_repeated(world: World) -> None:
    """The right file is sent later, and is accepted."""
    video = await world.grant(TWO_PARTS)
    world.objects.objects[video.source.key] = b"?" * len(TWO_PARTS)
    assert (await completion_refused(world, video)).code == "not_a_video"
    assert await world.video(video.id) == video
    world.objects.objects[video.source.key] = TWO_PARTS
    assert (await complete(world, video)).status is VideoStatus.UPLOADED


async def test_parts_that_are_no_video_are_refused_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls find that it is no video, and the video fails once."""
    video = await sent_in_parts(world, b"?" * MIN_PART_BYTES)
    peek = world.objects.peek

    async def overtaken(key: ObjectKey, *, length: int) -> Peek:
        monkeypatch.setattr(world.objects, "peek", peek)
        seen = await peek(key, length=length)
        await completion_refused(world, video)
        return seen

    monkeypatch.setattr(world.objects, "peek", overtaken)
    assert (await completion_refused(world, video)).code == "not_a_video"
    assert len(await world.jobs(video.id, JobKind.ERASE)) == 2


async def test_a_cancellation_during_completion_is_reported(
    small_parts: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts are gone between listing and joining them."""
    video = await sent_in_parts(small_parts)
    join = small_parts.multipart.complete

    async def overtaken(key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> ObjectInfo:
        await small_parts.application.uploads.cancel(ADA, video.id)
        await small_parts.run_jobs()
        return await join(key, upload_id, parts)

    monkeypatch.setattr(small_parts.multipart, "complete", overtaken)
    assert (await completion_refused(small_parts, video)).code == "upload_missing"
    assert small_parts.keys == set()


async def test_a_video_deleted_during_completion_is_not_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is the same as for a call after the deletion."""
    video = await sent_in_parts(world)
    peek = world.objects.peek

    async def overtaken(key: ObjectKey, *, length: int) -> Peek:
        await world.application.delete_video(ADA, VideoId(video.id))
        return await peek(key, length=length)

    monkeypatch.setattr(world.objects, "peek", overtaken)
    with pytest.raises(VideoNotFound):
        await complete(world, video)
    await world.run_jobs()
    assert world.keys == set()
