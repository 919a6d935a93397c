"""Importing a video: downloaded by a worker, then processed like an upload."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from adapters.fakes.workspace import FakeWorkspace
from domain.model.errors import Conflict, Rejected, Unavailable
from domain.model.failure import FailureCode
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind, QueueName
from domain.model.object_key import ObjectKey, import_key
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.object_store import ObjectInfo
from domain.ports.progress import OnProgress
from domain.use_cases.jobs.run_job import JobOutcome, JobResult
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.imports import ImportSettings
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from tests.support.importing import ENABLED, ID, begun
from tests.support.world import ADA, World, open_world, until

pytestmark = pytest.mark.anyio

HOUR_S = 3600
DAY_S = 24 * HOUR_S
PRIVATE = Rejected("The video is private.", code=FailureCode.PRIVATE.value)
BLOCKED = Unavailable("Too many requests.", code=FailureCode.IMPORT_BLOCKED.value, retry_after_s=1800.0)


async def the_job(world: World, video: Video) -> Job:
    """The video's only import job."""
    (job,) = await world.jobs(video.id, JobKind.IMPORT)
    return job


async def hanging(world: World) -> tuple[Video, asyncio.Task[JobOutcome]]:
    """A video whose download hangs, and the task of its job."""
    world.importer.hang()
    video = await begun(world)
    working = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await until(world.importer.is_hanging.is_set)
    return video, working


async def failure(world: World, video: Video) -> FailureCode:
    """The failure code of the video, which failed in the stage `upload`."""
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.status, failed.failure.stage) == (VideoStatus.FAILED, StageName.UPLOAD)
    assert failed.stage(StageName.UPLOAD).state is StageState.FAILED
    return failed.failure.code


async def nothing_is_left(world: World) -> None:
    """Expect an empty bucket, now and after the late erase job."""
    await world.run_jobs()
    world.clock.advance(2 * DAY_S)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set()


async def test_an_import_is_processed_like_an_upload(world: World) -> None:
    """It is downloaded, verified and processed; the original is erased after publication."""
    video = await begun(world)
    assert (video.status, video.source.size_bytes, video.source.filename) == (
        VideoStatus.UPLOADING,
        0,
        f"youtube-{ID}.mp4",
    )
    assert (await the_job(world, video)).queue is QueueName.IO
    await world.run_jobs()
    done = await world.video(video.id)
    assert done.status is VideoStatus.COMPLETED
    assert (done.source.filename, done.source.size_bytes, done.source.youtube_id) == (
        "A day out.mp4",
        len(world.importer.content),
        ID,
    )
    assert done.stage(StageName.UPLOAD).state is StageState.DONE
    assert world.importer.fetched == [ID]
    assert done.source.key not in world.keys


async def test_the_downloaded_object_is_the_source(world: World) -> None:
    """The process job commits together with the end of the import job."""
    video = await begun(world)
    await world.application.run_job((await the_job(world, video)).id)
    now = await world.video(video.id)
    key = import_key(ADA, video.id, 1)
    assert (now.status, now.source.key, world.keys) == (VideoStatus.UPLOADED, key, {key})
    assert now.source.etag == world.objects.info(key).etag
    (processing,) = await world.jobs(video.id, JobKind.PROCESS)
    assert (processing.state, (await the_job(world, video)).state) == (JobState.QUEUED, JobState.DONE)


async def test_progress_is_reported_in_the_upload_stage(world: World) -> None:
    """Half of the download is a little less of the stage, which includes the transfer to the bucket."""
    video, working = await hanging(world)
    await world.advance(1.0)
    stage = (await world.video(video.id)).stage(StageName.UPLOAD)
    assert (stage.state, stage.percent, stage.attempt) == (StageState.RUNNING, 45.0, 1)
    await world.application.run_job.drain()
    await working


@pytest.mark.parametrize("code", ["private", "live", "not_found", "too_long", "file_too_large", "import_blocked"])
async def test_a_refusal_by_youtube_fails_at_once(world: World, code: str) -> None:
    """The code says why; another attempt would have the same result."""
    world.importer.fail(Rejected("No.", code=code))
    video = await begun(world)
    await world.run_jobs()
    assert await failure(world, video) == code
    assert (await the_job(world, video)).state is JobState.DEAD
    await nothing_is_left(world)


async def test_a_rate_limited_import_waits_for_long(world: World) -> None:
    """An attempt a few seconds later would only prolong the limit."""
    world.importer.fail(BLOCKED, times=1)
    video = await begun(world)
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.UPLOADING
    assert ((await the_job(world, video)).run_after - world.clock.now()).total_seconds() == 1800
    world.clock.advance(1800)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


@pytest.mark.parametrize("error", [Unavailable("Away.", code="disk_full", retryable=False), KeyError("a bug")])
async def test_any_other_error_is_a_failed_import(
    world: World, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message contains no internals."""

    async def fail(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(world.importer, "fetch", fail)
    video = await begun(world)
    for _ in range(12):
        await world.run_jobs()
        world.clock.advance(HOUR_S)
        await world.application.sweep_jobs()
    assert await failure(world, video) is FailureCode.IMPORT_FAILED
    assert "bug" not in str((await world.video(video.id)).failure)


async def test_a_download_that_is_no_video_is_not_accepted(world: World) -> None:
    """It is checked like an upload, and is erased."""
    world.importer.content = b"<!doctype html>" * 100
    video = await begun(world)
    await world.run_jobs()
    assert await failure(world, video) is FailureCode.NOT_A_VIDEO
    assert world.keys == set()


async def test_imports_pass_the_same_gate_as_uploads(world: World) -> None:
    """A file that begins as a video can still be rejected by the probe."""
    world.importer.content = fake_video_bytes(duration_s=5 * 3600.0)
    video = await begun(world)
    await world.run_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.failure.stage, failed.failure.code) == (StageName.PROBE, FailureCode.TOO_LONG)


async def test_an_incomplete_object_is_retried(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bucket has fewer bytes than were sent, so the object is not accepted."""
    upload = world.objects.upload

    async def cut(source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress) -> ObjectInfo:
        stored = await upload(source, key, content_type=content_type, on_progress=on_progress)
        return replace(stored, size_bytes=1)

    monkeypatch.setattr(world.objects, "upload", cut)
    video = await begun(world)
    await world.run_jobs()
    job = await the_job(world, video)
    assert (job.state, job.last_error) == (
        JobState.QUEUED,
        f"upload_incomplete: The bucket has 1 of {len(world.importer.content)} bytes.",
    )


async def test_a_full_disk_is_waited_for(world: World) -> None:
    """The download needs space for the streams and for the file that they are merged into."""
    assert isinstance(world.workspace, FakeWorkspace)
    world.workspace.free_bytes = 1_999_999
    video = await begun(world)
    await world.run_jobs()
    assert (await the_job(world, video)).last_error == "disk_full: The workspace cannot hold 2000000 more bytes."
    assert world.importer.fetched == []


async def test_a_worker_that_lost_its_lease_erases_its_original(world: World) -> None:
    """The other attempt's original stays, because each attempt has a different key."""
    video, stale = await hanging(world)
    async with world.database.write() as work:
        await work.jobs.expire_all_leases()
    await world.application.sweep_jobs()
    world.importer.resume()
    other = wire(world.adapters, ENABLED)
    assert (await other.run_job(world.queue.sent.pop(0).id)).result is JobResult.DONE
    kept = await world.video(video.id)
    await world.advance(15)
    assert (await stale).result is JobResult.LEASE_LOST
    assert (await world.video(video.id), world.keys) == (kept, {import_key(ADA, video.id, 2)})


async def test_an_attempt_that_comes_too_late_to_commit_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The video was deleted while its original was stored."""
    upload = world.objects.upload

    async def upload_while_deleted(
        source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress
    ) -> ObjectInfo:
        stored = await upload(source, key, content_type=content_type, on_progress=on_progress)
        await world.application.delete_video(ADA, video.id)
        return stored

    monkeypatch.setattr(world.objects, "upload", upload_while_deleted)
    video = await begun(world)
    outcome = await world.application.run_job((await the_job(world, video)).id)
    assert (outcome.result, world.keys) == (JobResult.LEASE_LOST, set())


async def test_the_next_attempt_erases_what_a_lost_worker_stored(world: World) -> None:
    """The worker died before it recorded the object."""
    video, working = await hanging(world)
    world.objects.objects[import_key(ADA, video.id, 1)] = world.importer.content
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    world.importer.resume()
    await world.application.run_job((await the_job(world, video)).id)
    assert world.keys == {import_key(ADA, video.id, 2)}


@pytest.mark.parametrize("is_stored", [False, True])
async def test_an_import_can_be_cancelled(world: World, *, is_stored: bool) -> None:
    """It can be cancelled before and after the download, until processing begins."""
    video = await begun(world)
    if is_stored:
        await world.application.run_job((await the_job(world, video)).id)
    await world.application.uploads.cancel(ADA, video.id)
    assert await failure(world, video) is FailureCode.UPLOAD_CANCELLED
    await nothing_is_left(world)


async def test_cancelling_stops_the_download(world: World) -> None:
    """The worker finds its lease lost, and stops."""
    video, working = await hanging(world)
    await world.application.uploads.cancel(ADA, video.id)
    await world.advance(15)
    assert (await working).result is JobResult.LEASE_LOST
    assert not world.importer.is_hanging.is_set()
    assert await failure(world, video) is FailureCode.UPLOAD_CANCELLED
    await nothing_is_left(world)


async def test_deleting_stops_the_download(world: World) -> None:
    """Nothing is left of it."""
    video, working = await hanging(world)
    await world.application.delete_video(ADA, video.id)
    await world.advance(15)
    assert (await working).result is JobResult.LEASE_LOST
    await nothing_is_left(world)


async def test_calls_for_uploads_are_refused_for_imports(world: World) -> None:
    """An import has nothing to send and nothing to report, before and after the download."""
    video = await begun(world)
    uploads = world.application.uploads
    for _ in range(2):
        for call in (
            uploads.complete(ADA, video.id),
            uploads.report_failure(ADA, video.id),
            uploads.renew(ADA, video.id),
            uploads.sign_parts(ADA, video.id, [1]),
        ):
            with pytest.raises(Conflict) as refused:
                await call
            assert refused.value.code == "imported_video"
        assert (await uploads.get_status(ADA, video.id)).missing_parts == []
        await world.run_jobs()


async def test_a_failed_import_can_be_retried(world: World) -> None:
    """It is downloaded again; the erase job of the failed attempt keeps the new objects."""
    world.importer.fail(PRIVATE, times=1)
    video = await begun(world)
    await world.run_jobs()
    again = (await world.application.retry_video(ADA, video.id)).video
    assert (again.status, again.failure, again.stage(StageName.UPLOAD).state) == (
        VideoStatus.UPLOADING,
        None,
        StageState.PENDING,
    )
    await world.application.run_job((await the_job(world, video)).id)
    key = import_key(ADA, video.id, 2)
    world.clock.advance(2 * DAY_S)
    world.queue.sent.clear()
    for job in await world.jobs(video.id, JobKind.ERASE):
        await world.application.run_job(job.id)
    assert world.keys == {key}
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_processing_an_import_is_retried_without_a_download(world: World) -> None:
    """Its original is stored."""
    world.transcoder.fail("probe", Unavailable("Broken.", retryable=False), times=1)
    video = await begun(world)
    await world.run_jobs()
    again = (await world.application.retry_video(ADA, video.id)).video
    assert again.status is VideoStatus.UPLOADED
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED
    assert world.importer.fetched == [ID]


async def test_an_import_that_no_worker_starts_expires(world: World) -> None:
    """A worker that gets the job afterwards does nothing."""
    video = await begun(world)
    world.clock.advance(DAY_S + 1)
    assert [each.id for each in await world.application.clean_up.expire_uploads()] == [video.id]
    assert await failure(world, video) is FailureCode.UPLOAD_EXPIRED
    await world.run_jobs()
    assert (await the_job(world, video)).last_error == "upload_closed: This upload has ended; start a new one."
    assert await failure(world, video) is FailureCode.UPLOAD_EXPIRED
    assert world.importer.fetched == []


async def test_a_running_import_does_not_expire(world: World) -> None:
    """The time without a change does not matter."""
    video, working = await hanging(world)
    world.clock.advance(DAY_S + 1)
    assert await world.application.clean_up.expire_uploads() == []
    assert (await world.video(video.id)).status is VideoStatus.UPLOADING
    await world.application.run_job.drain()
    await working


async def test_objects_of_a_running_import_are_no_orphans(world: World) -> None:
    """A running import may store under any of its keys; when it has ended, only its source is needed."""
    video, working = await hanging(world)
    stray = import_key(ADA, video.id, 7)
    world.objects.objects[stray] = b"stray"
    world.clock.advance(2 * DAY_S)
    assert (await world.application.clean_up.find_orphans()).keys == ()
    world.importer.resume()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await world.application.run_job((await the_job(world, video)).id)
    async with world.database.write() as work:
        await work.jobs.delete_of_video(video.id)
    world.clock.advance(2 * DAY_S)
    assert (await world.application.clean_up.find_orphans()).keys == (stray,)


@pytest.mark.parametrize(("spare_bytes", "code"), [(0, None), (-1, FailureCode.STORAGE_QUOTA_EXCEEDED)])
async def test_bytes_count_after_the_download(tmp_path: Path, spare_bytes: int, code: FailureCode | None) -> None:
    """An import beyond its owner's storage quota fails, and nothing of it is kept."""
    quota = len(fake_video_bytes()) + spare_bytes
    settings = Settings(
        imports=ImportSettings(youtube_import=True), limits=LimitSettings(max_stored_bytes_per_user=quota)
    )
    async with open_world(tmp_path, settings=settings) as world:
        video = await begun(world)
        await world.run_jobs()
        failed = (await world.video(video.id)).failure
        assert (None if failed is None else failed.code) is code
        assert not [key for key in world.keys if key.startswith("videos/")]


async def test_a_waiting_import_is_not_downloaded_once_imports_are_off(world: World) -> None:
    """The setting applies to waiting jobs, too."""
    video = await begun(world)
    off = wire(world.adapters, Settings())
    await off.run_job((await the_job(world, video)).id)
    assert await failure(world, video) is FailureCode.IMPORT_FAILED
    assert world.importer.fetched == []
