"""Verifying that an uploaded object is a video."""

import pytest

from domain.model.errors import Conflict
from domain.model.failure import FailureCode
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.object_store import Peek
from tests.support.uploading import TWO_PARTS, complete, completion_refused, upload_in_parts
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_parts_that_are_no_video_fail_the_video(world: World) -> None:
    """They are joined by then and cannot be sent again; the object is erased."""
    content = b"?" * MIN_PART_BYTES
    video = await upload_in_parts(world, content)
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
    video = await world.request_upload(TWO_PARTS)
    world.objects.objects[video.source.key] = b"?" * len(TWO_PARTS)
    assert (await completion_refused(world, video)).code == "not_a_video"
    assert await world.video(video.id) == video
    world.objects.objects[video.source.key] = TWO_PARTS
    assert (await complete(world, video)).status is VideoStatus.UPLOADED


async def test_parts_that_are_no_video_are_refused_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls find that it is no video, and the video fails once."""
    video = await upload_in_parts(world, b"?" * MIN_PART_BYTES)
    peek = world.objects.peek

    async def overtaken(key: ObjectKey, *, length: int) -> Peek:
        monkeypatch.setattr(world.objects, "peek", peek)
        seen = await peek(key, length=length)
        await completion_refused(world, video)
        return seen

    monkeypatch.setattr(world.objects, "peek", overtaken)
    assert (await completion_refused(world, video)).code == "not_a_video"
    assert len(await world.jobs(video.id, JobKind.ERASE)) == 2
