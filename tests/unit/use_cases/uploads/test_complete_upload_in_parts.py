"""Completing uploads in parts."""

import asyncio
from collections.abc import Sequence

import pytest

from domain.model.errors import VideoNotFound
from domain.model.ids import VideoId
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo, Peek
from tests.support.uploading import (
    TWO_PARTS,
    complete,
    completion_refused,
    request_upload,
    send_parts,
    upload_in_parts,
)
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

# The default part size is 16 MiB, so a small file has one part.
OVER_HUNDRED_PARTS = UploadDeclaration("clip.mp4", 9 * 1024**3, "", UploadStrategy.MULTIPART)


async def test_a_part_of_a_wrong_size_must_be_sent_again(small_parts: World) -> None:
    """The status lists it as missing; the completion is refused and names it, like a part outside the plan."""
    video = await upload_in_parts(small_parts)
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


async def test_an_upload_with_missing_parts_is_not_complete(small_parts: World) -> None:
    """The error names them; once they are sent, the same call succeeds, and creates one process job."""
    video = (await request_upload(small_parts)).signed.video
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
    video = (await world.application.uploads.request(ADA, OVER_HUNDRED_PARTS)).signed.video
    refusal = await completion_refused(world, video)
    assert refusal.detail.startswith("576 of 576 parts are missing")
    assert refusal.detail.endswith(" 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, ….")


async def test_fifty_concurrent_completions_create_one_job(small_parts: World) -> None:
    """The parts are joined once."""
    video = await upload_in_parts(small_parts)
    answers = await asyncio.gather(*(complete(small_parts, video) for _ in range(50)))
    assert {answer.status for answer in answers} == {VideoStatus.UPLOADED}
    assert len(await small_parts.jobs(video.id, JobKind.PROCESS)) == 1


async def test_a_cancellation_during_completion_is_reported(
    small_parts: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts are gone between listing and joining them."""
    video = await upload_in_parts(small_parts)
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
    video = await upload_in_parts(world)
    peek = world.objects.peek

    async def overtaken(key: ObjectKey, *, length: int) -> Peek:
        await world.application.delete_video(ADA, VideoId(video.id))
        return await peek(key, length=length)

    monkeypatch.setattr(world.objects, "peek", overtaken)
    with pytest.raises(VideoNotFound):
        await complete(world, video)
    await world.run_jobs()
    assert world.keys == set()
