"""Making the poster that an owner has chosen."""

import asyncio
from dataclasses import replace

import pytest

from domain.model.errors import CompressionFailed, Unavailable
from domain.model.failure import WarningCode
from domain.model.ids import UserId
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.videos.events import EventType
from domain.model.videos.guards import require_playable
from domain.model.videos.video import Video
from domain.use_cases.jobs.run_job import JobResult
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio

HOUR_S = 3600.0


async def chosen(world: World, video: Video, time_s: float = 4.0) -> Job:
    """The job of a chosen poster, which waits."""
    await world.application.request_poster(ADA, video.id, time_s)
    return world.queue.sent[-1]


def poster_of(video: Video) -> ObjectKey:
    """The key of the video's poster."""
    key = require_playable(video).poster_key
    assert key is not None
    return key


async def erase_what_is_due(world: World, delay_s: float) -> None:
    """Let time pass, and run what became due."""
    world.clock.advance(delay_s)
    await world.application.sweep_jobs()
    await world.run_jobs()


async def test_the_frame_replaces_the_poster(world: World) -> None:
    """Nothing else of the video changes, and its owner's usage stays the same."""
    before = await world.upload_and_process()
    usage = world.database.tables.usage[ADA]
    await chosen(world, before)
    await world.run_jobs()
    after = await world.video(before.id)
    assert poster_of(after) != poster_of(before)
    assert world.objects.objects[poster_of(after)].endswith(b" at 4.0 s")
    published, earlier = require_playable(after), require_playable(before)
    assert (published.storyboard_key, published.renditions) == (earlier.storyboard_key, earlier.renditions)
    assert (after.status, after.stages, after.warnings) == (before.status, before.stages, before.warnings)
    assert world.database.tables.usage[ADA] == usage
    logged = [event for event in world.database.tables.unsettled_events if event.video_id == before.id]
    logged += [each.event for each in world.database.tables.events if each.event.video_id == before.id]
    assert [event.type for event in logged].count(EventType.POSTER_READY) == 1


async def test_a_video_without_a_poster_gets_one(world: World) -> None:
    """No earlier one is erased then."""
    video = await world.upload_and_process()
    async with world.database.write() as work:
        current = await work.videos.get(video.id)
        await work.videos.save(replace(current, publication=replace(require_playable(current), poster_key=None)))
    await chosen(world, video)
    await world.run_jobs()
    assert poster_of(await world.video(video.id)) in world.keys


async def test_the_old_poster_is_erased_when_its_urls_have_expired(world: World) -> None:
    """Until then a page that was loaded before still shows it."""
    before = await world.upload_and_process()
    await chosen(world, before)
    await world.run_jobs()
    await erase_what_is_due(world, HOUR_S)
    assert poster_of(before) in world.keys
    await erase_what_is_due(world, HOUR_S)
    after = await world.video(before.id)
    assert poster_of(before) not in world.keys
    assert set(require_playable(after).keys) == world.keys - {key for key in world.keys if key.endswith(".ogg")}
    await erase_what_is_due(world, 26 * HOUR_S)
    assert set(require_playable(after).keys) <= world.keys


async def test_a_lost_attempt_is_repeated_and_leaves_nothing(world: World) -> None:
    """A worker that died after it had stored the picture."""
    before = await world.upload_and_process()
    job = await chosen(world, before)
    world.queue.sent.clear()
    async with world.database.write() as work:
        await work.jobs.claim(job.id, lease_s=60)
    left = ObjectKey(f"derived/ada/{before.id}/1-poster{job.id.replace('-', '')}.jpg")
    world.objects.objects[left] = b"a picture"
    await erase_what_is_due(world, 61)
    after = await world.video(before.id)
    assert poster_of(after) not in {poster_of(before), left}
    await erase_what_is_due(world, 2 * HOUR_S)
    assert left not in world.keys
    assert poster_of(after) in world.keys


async def test_a_worker_that_stops_leaves_the_job_queued(world: World) -> None:
    """The attempt is not charged."""
    video = await world.upload_and_process()
    world.transcoder.hang("poster")
    job = await chosen(world, video)
    world.queue.sent.clear()
    attempt = asyncio.create_task(world.application.run_job(job.id))
    await until(world.transcoder.is_hanging.is_set)
    await world.application.run_job.drain()
    assert (await attempt).result is JobResult.RELEASED
    assert (await world.job(job.id)).attempt == 0


async def test_a_video_that_is_deleted_meanwhile_keeps_no_picture(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attempt finds that its job is gone, and deletes what it has stored."""
    video = await world.upload_and_process()
    job = await chosen(world, video)
    world.queue.sent.clear()
    upload = world.objects.upload

    async def then_deleted(*arguments: object, **options: object) -> object:
        stored = await upload(*arguments, **options)  # type: ignore[arg-type]
        await world.application.delete_video(ADA, video.id)
        return stored

    monkeypatch.setattr(world.objects, "upload", then_deleted)
    assert (await world.application.run_job(job.id)).result is JobResult.LEASE_LOST
    await world.run_jobs()
    assert [key for key in world.keys if "poster" in key] == []


async def test_a_fault_of_the_bucket_is_retried(world: World) -> None:
    """The poster is made by the next attempt."""
    video = await world.upload_and_process()
    world.transcoder.fail("poster", Unavailable("Not now."), times=1)
    job = await chosen(world, video)
    assert (await world.application.run_job(job.id)).result is JobResult.RESCHEDULED
    world.queue.sent.clear()
    await erase_what_is_due(world, HOUR_S)
    assert poster_of(await world.video(video.id)) != poster_of(video)


@pytest.mark.parametrize("error", [CompressionFailed("No picture could be decoded."), ValueError("a secret")])
async def test_a_frame_that_cannot_be_taken_is_a_warning(world: World, error: Exception) -> None:
    """The current poster stays, and another choice is possible."""
    before = await world.upload_and_process()
    world.transcoder._errors["poster"] = (error, 99)  # type: ignore[assignment]
    job = await chosen(world, before)
    while (await world.job(job.id)).state is JobState.QUEUED:
        await erase_what_is_due(world, HOUR_S)
    after = await world.video(before.id)
    assert (await world.job(job.id)).state is JobState.DEAD
    assert (poster_of(after), after.status) == (poster_of(before), before.status)
    (warning,) = [warning for warning in after.warnings if warning.code is WarningCode.POSTER_FAILED]
    assert "a secret" not in warning.message
    assert world.database.tables.unsettled_events[-1].type is EventType.POSTER_FAILED
    world.transcoder.fail("poster", CompressionFailed("-"), times=0)
    await chosen(world, before, 5.0)
    await world.run_jobs()
    mended = await world.video(before.id)
    assert poster_of(mended) != poster_of(before)
    assert [each.code for each in mended.warnings if each.code is WarningCode.POSTER_FAILED] == []


async def test_an_operator_retries_a_dead_poster(world: World) -> None:
    """The job is queued again, although its video has not failed."""
    video = await world.upload_and_process()
    world.transcoder.fail("poster", CompressionFailed("No."), times=1)
    job = await chosen(world, video)
    await world.run_jobs()
    assert (await world.job(job.id)).state is JobState.DEAD
    tracked = await world.application.operations.retry_job(job.id)
    assert tracked.video is not None
    assert tracked.video.owner == UserId("ada")
    await world.run_jobs()
    assert (await world.job(job.id)).state is JobState.DONE
    assert len(await world.jobs(video.id, JobKind.POSTER)) == 1
