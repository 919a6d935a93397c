"""Aborting uploads: cancelled by the client, or abandoned and expired."""

import asyncio
from datetime import timedelta

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Conflict, Rejected, Unavailable
from domain.model.failure import FailureCode
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.use_cases.uploads.expire_uploads import BATCH
from tests.support.uploading import grant_of, sent_in_parts
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio

CONTENT = fake_video_bytes()
HOUR_S = 3600


async def ended(world: World, video: Video, code: FailureCode) -> None:
    """Expect that the video failed with this code, and that its objects are gone once the jobs have run."""
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.status, failed.failure.code) == (VideoStatus.FAILED, code)
    await world.run_jobs()
    assert (world.keys, world.multipart.uploads) == (set(), {})
    world.objects.objects[video.source.key] = CONTENT
    world.clock.advance(50 * HOUR_S)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set()


@pytest.mark.parametrize("is_in_parts", [False, True])
async def test_a_cancelled_upload_leaves_nothing(world: World, *, is_in_parts: bool) -> None:
    """No object and no parts are left; what arrives later on an old URL is erased, too."""
    video = await (sent_in_parts(world) if is_in_parts else world.grant(CONTENT))
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
    video = await world.grant(CONTENT)
    await asyncio.gather(*(world.application.uploads.cancel(ADA, video.id) for _ in range(2)))
    await world.application.uploads.cancel(ADA, video.id)
    assert len(await world.jobs(video.id, JobKind.ERASE)) == 2


@pytest.mark.parametrize("cancels_first", [False, True])
async def test_complete_and_cancel_at_once_end_in_one_of_the_two(world: World, *, cancels_first: bool) -> None:
    """The upload is accepted and then cancelled, or closed before it is accepted: it is processed in neither case."""
    video = await world.upload(CONTENT) if not cancels_first else await sent_in_parts(world)
    uploads = world.application.uploads
    calls = [uploads.cancel(ADA, video.id), uploads.complete(ADA, video.id)]
    results = await asyncio.gather(*(calls if cancels_first else reversed(calls)), return_exceptions=True)
    assert all(not isinstance(result, BaseException) or isinstance(result, Conflict | Rejected) for result in results)
    assert await world.jobs(video.id, JobKind.PROCESS) == []
    await ended(world, video, FailureCode.UPLOAD_CANCELLED)


async def test_a_published_video_in_retry_cannot_be_cancelled(world: World) -> None:
    """Its original is gone: closing the upload would erase the publication."""
    world.transcriber.fail(Rejected("No."), times=1)
    video = await world.processed()
    await world.application.retry_video(ADA, video.id)
    with pytest.raises(Conflict) as refused:
        await world.application.uploads.cancel(ADA, video.id)
    assert refused.value.code == "processing_begun"
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


@pytest.mark.parametrize("is_in_parts", [False, True])
async def test_an_abandoned_upload_expires(world: World, *, is_in_parts: bool) -> None:
    """It expires after a day without a call of its client, whether it has no data, one PUT or parts."""
    video = await (sent_in_parts(world) if is_in_parts else world.grant(CONTENT))
    world.objects.objects[video.source.key] = CONTENT
    world.clock.advance(24 * HOUR_S)
    assert await world.application.clean_up.expire() == []
    world.clock.advance(1)
    assert [each.id for each in await world.application.clean_up.expire()] == [video.id]
    await ended(world, video, FailureCode.UPLOAD_EXPIRED)


async def test_an_upload_lives_as_long_as_its_client_asks_for_urls(world: World) -> None:
    """There is no upper limit on its age."""
    video = (await grant_of(world)).signed.video
    for _ in range(5):
        world.clock.advance(23 * HOUR_S)
        await world.application.uploads.sign_parts(ADA, video.id, [1])
        assert await world.application.clean_up.expire() == []
    assert (await world.video(video.id)).status is VideoStatus.UPLOADING


async def test_an_upload_lives_as_long_as_its_urls(world: World) -> None:
    """It does not expire while a URL is valid, which a setting can extend to days."""
    video = await world.grant(CONTENT)
    async with world.database.write() as work:
        later = video.upload_expires_at + timedelta(days=3)
        await work.videos.save(video.signed_until(later, now=world.clock.now()))
    world.clock.advance(3 * 24 * HOUR_S)
    assert await world.application.clean_up.expire() == []
    world.clock.advance(2 * HOUR_S)
    assert len(await world.application.clean_up.expire()) == 1


async def test_a_client_that_resumes_during_the_sweep_is_not_expired(world: World) -> None:
    """Each upload is read again before it expires; a deleted one is skipped."""
    back, gone = (await grant_of(world)).signed.video, (await grant_of(world)).signed.video
    world.clock.advance(25 * HOUR_S)
    overdue = await world.application.clean_up.expire.overdue()
    assert {video.id for video in overdue} == {back.id, gone.id}
    await world.application.uploads.sign_parts(ADA, back.id, [1])
    await world.application.delete_video(ADA, gone.id)
    expire = world.application.clean_up.expire
    assert [await expire._expire(video.id) for video in overdue] == [False, False]
    assert (await world.video(back.id)).status is VideoStatus.UPLOADING


async def test_all_abandoned_uploads_expire(world: World) -> None:
    """They are read in batches; two concurrent clean-ups expire each upload once."""
    for _ in range(BATCH + 1):
        await world.grant(CONTENT)
    world.clock.advance(25 * HOUR_S)
    expired = await asyncio.gather(*(world.application.clean_up.expire() for _ in range(2)))
    ids = [video.id for each in expired for video in each]
    assert (len(ids), len(set(ids))) == (BATCH + 1, BATCH + 1)


async def test_a_completed_upload_does_not_expire(world: World) -> None:
    """The time that it waits for a worker does not matter."""
    video = await world.upload(CONTENT)
    world.clock.advance(100 * HOUR_S)
    assert await world.application.clean_up.expire() == []
    assert (await world.video(video.id)).status is VideoStatus.UPLOADED


async def test_a_failed_abort_is_retried(world: World) -> None:
    """The bucket does not answer at that time, and the job is retried."""
    video = await sent_in_parts(world)
    world.multipart.fail_next("abort", error=Unavailable("Away."))
    await world.application.uploads.cancel(ADA, video.id)
    await world.run_jobs()
    assert len(world.multipart.uploads) == 1
    world.clock.advance(10)
    await world.application.sweep_jobs()
    await ended(world, video, FailureCode.UPLOAD_CANCELLED)
