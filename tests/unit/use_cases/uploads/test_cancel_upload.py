"""Cancelling uploads."""

import asyncio

import pytest

from domain.model.errors import Conflict, Rejected
from domain.model.failure import FailureCode
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.videos.lifecycle import VideoStatus
from tests.support.uploading import CONTENT, ended, upload_in_parts
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("is_in_parts", [False, True])
async def test_a_cancelled_upload_leaves_nothing(world: World, *, is_in_parts: bool) -> None:
    """No object and no parts are left; what arrives later on an old URL is erased, too."""
    video = await (upload_in_parts(world) if is_in_parts else world.request_upload(CONTENT))
    world.objects.objects[video.source.key] = CONTENT
    await world.application.uploads.cancel(ADA, video.id)
    await ended(world, video, FailureCode.UPLOAD_CANCELLED)


async def test_an_accepted_upload_can_be_cancelled_before_processing(world: World) -> None:
    """Its job is deleted; a message already in the queue finds no job."""
    video = await world.upload(CONTENT)
    await world.application.uploads.cancel(ADA, video.id)
    assert await world.jobs(video.id, JobKind.PROCESS) == []
    await ended(world, video, FailureCode.UPLOAD_CANCELLED)


async def test_an_upload_cannot_be_cancelled_during_processing(world: World) -> None:
    """Processing continues; the video can still be deleted."""
    world.transcoder.hang("compress")
    video = await world.upload(CONTENT)
    working = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await until(world.transcoder.is_hanging.is_set)
    with pytest.raises(Conflict) as refused:
        await world.application.uploads.cancel(ADA, video.id)
    assert refused.value.code == "processing_begun"
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert job.state is JobState.RUNNING
    await world.application.run_job.drain()
    await working


async def test_cancelling_is_idempotent(world: World) -> None:
    """Repeated and concurrent calls create no second job."""
    video = await world.request_upload(CONTENT)
    await asyncio.gather(*(world.application.uploads.cancel(ADA, video.id) for _ in range(2)))
    await world.application.uploads.cancel(ADA, video.id)
    assert len(await world.jobs(video.id, JobKind.ERASE)) == 2


@pytest.mark.parametrize("cancels_first", [False, True])
async def test_complete_and_cancel_at_once_end_in_one_of_the_two(world: World, *, cancels_first: bool) -> None:
    """The upload is accepted and then cancelled, or closed before it is accepted: it is processed in neither case."""
    video = await world.upload(CONTENT) if not cancels_first else await upload_in_parts(world)
    uploads = world.application.uploads
    calls = [uploads.cancel(ADA, video.id), uploads.complete(ADA, video.id)]
    results = await asyncio.gather(*(calls if cancels_first else reversed(calls)), return_exceptions=True)
    assert all(not isinstance(result, BaseException) or isinstance(result, Conflict | Rejected) for result in results)
    assert await world.jobs(video.id, JobKind.PROCESS) == []
    await ended(world, video, FailureCode.UPLOAD_CANCELLED)


async def test_a_published_video_in_retry_cannot_be_cancelled(world: World) -> None:
    """Its original is gone: closing the upload would erase the publication."""
    world.transcriber.fail(Rejected("No."), times=1)
    video = await world.upload_and_process()
    await world.application.retry_video(ADA, video.id)
    with pytest.raises(Conflict) as refused:
        await world.application.uploads.cancel(ADA, video.id)
    assert refused.value.code == "processing_begun"
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED
