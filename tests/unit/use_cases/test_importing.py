"""Importing a video: asked for once, fetched by a worker, then a video like any other."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.fakes.id_generator import SequentialIdGenerator
from adapters.fakes.transcoder import fake_video_bytes
from adapters.fakes.workspace import FakeWorkspace
from domain.model.errors import AlreadyExists, Conflict, QuotaExceeded, Rejected, Unavailable
from domain.model.failure import FailureCode
from domain.model.idempotency import IdempotentRequest
from domain.model.identity import UserId
from domain.model.job import Job, JobKind, JobState, QueueName
from domain.model.lifecycle import VideoStatus
from domain.model.object_key import ObjectKey, import_key
from domain.model.speech_hints import SpeechHints
from domain.model.stage import StageName, StageState
from domain.model.video import Video
from domain.model.youtube import ImportRequest
from domain.ports.object_store import ObjectInfo, OnProgress
from domain.use_cases.recall_request import RecallRequest
from domain.use_cases.run_job import JobOutcome, JobResult
from entrypoints.settings import Settings
from entrypoints.wiring import wire
from tests.world import ADA, World, opened_world, until

pytestmark = pytest.mark.anyio

EVE = UserId("eve")
ID = "dQw4w9WgXcQ"
ASKED = ImportRequest(f"https://www.youtube.com/watch?v={ID}")
ENABLED = Settings(youtube_import=True, youtube_max_bytes=1_000_000)
HOUR_S = 3600
DAY_S = 24 * HOUR_S
PRIVATE = Rejected("The video is private.", code=FailureCode.PRIVATE.value)
BLOCKED = Unavailable("Too many requests.", code=FailureCode.IMPORT_BLOCKED.value, retry_after_s=1800.0)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    """An installation that imports."""
    async with opened_world(tmp_path, settings=ENABLED) as opened:
        yield opened


async def begun(world: World, asked: ImportRequest = ASKED, *, owner: UserId = ADA, key: str | None = None) -> Video:
    """A video that is to be fetched."""
    return (await world.application.begin_import(owner, asked, key=key)).video


async def the_job(world: World, video: Video) -> Job:
    """The one job that fetches it."""
    (job,) = await world.jobs(video.id, JobKind.IMPORT)
    return job


async def hanging(world: World) -> tuple[Video, asyncio.Task[JobOutcome]]:
    """A video that a worker is fetching, and the worker."""
    world.importer.hang()
    video = await begun(world)
    working = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await until(world.importer.is_hanging.is_set)
    return video, working


async def failure(world: World, video: Video) -> FailureCode:
    """Why it has failed: in the stage in which uploads fail."""
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.status, failed.failure.stage) == (VideoStatus.FAILED, StageName.UPLOAD)
    assert failed.stage(StageName.UPLOAD).state is StageState.FAILED
    return failed.failure.code


async def nothing_is_left(world: World) -> None:
    """No object, now and when the late erasing has run."""
    await world.run_jobs()
    world.clock.advance(2 * DAY_S)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set()


async def test_an_import_ends_as_an_upload_does(world: World) -> None:
    """Fetched, accepted, processed; the original goes when there is something to play."""
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


async def test_what_was_fetched_is_the_source_that_is_worked_on(world: World) -> None:
    """The job that processes it commits together with the end of the one that has fetched it."""
    video = await begun(world)
    await world.application.run_job((await the_job(world, video)).id)
    now = await world.video(video.id)
    key = import_key(ADA, video.id, 1)
    assert (now.status, now.source.key, world.keys) == (VideoStatus.UPLOADED, key, {key})
    assert now.source.etag == world.objects.info(key).etag
    (processing,) = await world.jobs(video.id, JobKind.PROCESS)
    assert (processing.state, (await the_job(world, video)).state) == (JobState.QUEUED, JobState.DONE)


async def test_hints_come_along(world: World) -> None:
    """What is spoken is said as for an upload, and judged alike."""
    video = await begun(world, replace(ASKED, language="de", keywords=("Telecine",)))
    assert video.speech_hints == SpeechHints("de", ("Telecine",))
    with pytest.raises(Rejected) as refused:
        await begun(world, replace(ASKED, language="German"))
    assert refused.value.code == "invalid_language"


async def test_a_url_that_means_no_video_makes_none(world: World) -> None:
    """It is refused before anything is written."""
    with pytest.raises(Rejected) as refused:
        await begun(world, ImportRequest("https://evil.example/watch?v=dQw4w9WgXcQ"))
    assert refused.value.code == "invalid_youtube_url"
    assert world.queue.sent == []


async def test_a_repeated_request_makes_nothing_new(world: World) -> None:
    """Under its key, however the same video is spelled; another video under it is another request."""
    first = await begun(world, key="again")
    again = await world.application.begin_import(ADA, ImportRequest(f"youtu.be/{ID}"), key="again")
    assert (again.is_replay, again.video.id) == (True, first.id)
    assert len(world.queue.sent) == 1
    with pytest.raises(Rejected) as refused:
        await begun(world, ImportRequest("AAAAAAAAAAA"), key="again")
    assert refused.value.code == "idempotency_key_reused"


async def test_of_requests_at_once_one_makes_the_video(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others, who have not found it either at first, find it then."""
    recall = RecallRequest.__call__

    async def slow(self: RecallRequest, owner: UserId, request: IdempotentRequest) -> Video | None:
        found = await recall(self, owner, request)
        await asyncio.sleep(0)
        return found

    monkeypatch.setattr(RecallRequest, "__call__", slow)
    calls = [world.application.begin_import(ADA, ASKED, key="at once") for _ in range(3)]
    answers = await asyncio.gather(*calls)
    assert len({answer.video.id for answer in answers}) == 1
    assert sorted(answer.is_replay for answer in answers) == [False, True, True]


async def test_a_key_that_was_given_back_meanwhile_may_be_used_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes just then is told to come again."""
    await begun(world, key="taken")
    monkeypatch.setattr(RecallRequest, "__call__", _nothing)
    with pytest.raises(Conflict) as refused:
        await begun(world, key="taken")
    assert refused.value.code == "idempotency_key_in_use"


async def _nothing(*_arguments: object) -> None:
    """Find no earlier request."""


async def test_an_id_that_is_taken_is_told(world: World) -> None:
    """Ids are random; if one comes twice nobody's video is replaced."""
    await begun(world)
    again = wire(replace(world.adapters, ids=SequentialIdGenerator()), ENABLED)
    with pytest.raises(AlreadyExists):
        await again.begin_import(ADA, ASKED)


async def test_progress_is_told_in_the_stage_of_the_upload(world: World) -> None:
    """Half of it fetched is a little less of the whole: it has to go to the bucket, too."""
    video, working = await hanging(world)
    await world.pass_time(1.0)
    stage = (await world.video(video.id)).stage(StageName.UPLOAD)
    assert (stage.state, stage.percent, stage.attempt) == (StageState.RUNNING, 45.0, 1)
    await world.application.run_job.drain()
    await working


@pytest.mark.parametrize("code", ["private", "live", "not_found", "too_long", "file_too_large", "import_blocked"])
async def test_what_youtube_does_not_give_fails_at_once(world: World, code: str) -> None:
    """With the reason in the closed list; another attempt would end the same way."""
    world.importer.fail(Rejected("No.", code=code))
    video = await begun(world)
    await world.run_jobs()
    assert await failure(world, video) == code
    assert (await the_job(world, video)).state is JobState.DEAD
    await nothing_is_left(world)


async def test_a_server_that_asks_too_often_waits_for_long(world: World) -> None:
    """The same attempt a few seconds later would only prolong it."""
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
async def test_any_other_end_is_a_failed_import(
    world: World, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without internals in its message."""

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


async def test_what_is_no_video_is_not_accepted(world: World) -> None:
    """It is looked at as an upload is, and does not stay."""
    world.importer.content = b"<!doctype html>" * 100
    video = await begun(world)
    await world.run_jobs()
    assert await failure(world, video) is FailureCode.NOT_A_VIDEO
    assert world.keys == set()


async def test_the_gate_is_that_of_uploads(world: World) -> None:
    """What begins as a video may still be none that is taken."""
    world.importer.content = fake_video_bytes(duration_s=5 * 3600.0)
    video = await begun(world)
    await world.run_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.failure.stage, failed.failure.code) == (StageName.PROBE, FailureCode.TOO_LONG)


async def test_a_bucket_that_has_less_than_was_sent_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not whole is not accepted."""
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
    """Room is needed for the streams and what they are joined to."""
    assert isinstance(world.workspace, FakeWorkspace)
    world.workspace.free_bytes = 1_999_999
    video = await begun(world)
    await world.run_jobs()
    assert (await the_job(world, video)).last_error == "disk_full: The workspace cannot hold 2000000 more bytes."
    assert world.importer.fetched == []


async def test_a_worker_that_lost_its_lease_takes_its_original_along(world: World) -> None:
    """The other attempt's stays: each has a key of its own."""
    video, stale = await hanging(world)
    async with world.database.write() as work:
        await work.jobs.forget_workers()
    await world.application.sweep_jobs()
    world.importer.resume()
    other = wire(world.adapters, ENABLED)
    assert (await other.run_job(world.queue.sent.pop(0).id)).result is JobResult.DONE
    kept = await world.video(video.id)
    await world.pass_time(15)
    assert (await stale).result is JobResult.LEASE_LOST
    assert (await world.video(video.id), world.keys) == (kept, {import_key(ADA, video.id, 2)})


async def test_an_attempt_that_comes_too_late_to_commit_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The video was deleted while its original was on the way to the bucket."""
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


async def test_what_a_lost_worker_has_stored_goes_with_the_next_attempt(world: World) -> None:
    """It died before it could say so."""
    video, working = await hanging(world)
    world.objects.objects[import_key(ADA, video.id, 1)] = world.importer.content
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    world.importer.resume()
    await world.application.run_job((await the_job(world, video)).id)
    assert world.keys == {import_key(ADA, video.id, 2)}


@pytest.mark.parametrize("is_stored", [False, True])
async def test_an_import_can_be_cancelled(world: World, *, is_stored: bool) -> None:
    """Before it is fetched or after, until processing has begun."""
    video = await begun(world)
    if is_stored:
        await world.application.run_job((await the_job(world, video)).id)
    await world.application.uploads.cancel(ADA, video.id)
    assert await failure(world, video) is FailureCode.UPLOAD_CANCELLED
    await nothing_is_left(world)


async def test_cancelling_ends_what_is_being_fetched(world: World) -> None:
    """The worker finds its lease gone, and stops."""
    video, working = await hanging(world)
    await world.application.uploads.cancel(ADA, video.id)
    await world.pass_time(15)
    assert (await working).result is JobResult.LEASE_LOST
    assert not world.importer.is_hanging.is_set()
    assert await failure(world, video) is FailureCode.UPLOAD_CANCELLED
    await nothing_is_left(world)


async def test_deleting_ends_what_is_being_fetched(world: World) -> None:
    """Nothing stays of it."""
    video, working = await hanging(world)
    await world.application.delete_video(ADA, video.id)
    await world.pass_time(15)
    assert (await working).result is JobResult.LEASE_LOST
    await nothing_is_left(world)


async def test_what_clients_do_with_uploads_is_nothing_for_imports(world: World) -> None:
    """Nothing is to be sent, and nothing to be reported; before it is fetched and after."""
    video = await begun(world)
    uploads = world.application.uploads
    for _ in range(2):
        for call in (
            uploads.complete(ADA, video.id),
            uploads.fail(ADA, video.id),
            uploads.renew(ADA, video.id),
            uploads.sign_parts(ADA, video.id, [1]),
        ):
            with pytest.raises(Conflict) as refused:
                await call
            assert refused.value.code == "imported_video"
        assert (await uploads.describe(ADA, video.id)).missing_parts == []
        await world.run_jobs()


async def test_a_failed_import_can_be_retried(world: World) -> None:
    """It is fetched anew; what was owed to erase the failed one spares what came of it."""
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


async def test_processing_of_an_import_is_retried_without_fetching_it_again(world: World) -> None:
    """Its original is there."""
    world.transcoder.fail("probe", Unavailable("Broken.", retryable=False), times=1)
    video = await begun(world)
    await world.run_jobs()
    again = (await world.application.retry_video(ADA, video.id)).video
    assert again.status is VideoStatus.UPLOADED
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED
    assert world.importer.fetched == [ID]


async def test_an_import_that_nobody_fetches_expires(world: World) -> None:
    """A worker that comes after that leaves it alone."""
    video = await begun(world)
    world.clock.advance(DAY_S + 1)
    assert [each.id for each in await world.application.clean_up.expire()] == [video.id]
    assert await failure(world, video) is FailureCode.UPLOAD_EXPIRED
    await world.run_jobs()
    assert (await the_job(world, video)).last_error == "upload_closed: This upload has ended; start a new one."
    assert await failure(world, video) is FailureCode.UPLOAD_EXPIRED
    assert world.importer.fetched == []


async def test_an_import_that_is_being_fetched_does_not_expire(world: World) -> None:
    """However long nothing of it changes."""
    video, working = await hanging(world)
    world.clock.advance(DAY_S + 1)
    assert await world.application.clean_up.expire() == []
    assert (await world.video(video.id)).status is VideoStatus.UPLOADING
    await world.application.run_job.drain()
    await working


async def test_orphans_are_told_from_what_is_being_stored(world: World) -> None:
    """An import in work may be storing under any key of its own; when it has ended only its source stays."""
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


async def test_quotas_hold_for_imports(tmp_path: Path) -> None:
    """In flight and by day when it is asked for, as for an upload."""
    async with opened_world(tmp_path, settings=Settings(max_videos_in_flight_per_user=1)) as world:
        await begun(world)
        with pytest.raises(QuotaExceeded) as refused:
            await begun(world)
        assert refused.value.code == "too_many_videos_in_flight"
        await begun(world, owner=EVE)


@pytest.mark.parametrize(("spare_bytes", "code"), [(0, None), (-1, FailureCode.STORAGE_QUOTA_EXCEEDED)])
async def test_bytes_count_when_they_are_known(tmp_path: Path, spare_bytes: int, code: FailureCode | None) -> None:
    """An import that its owner has no room for fails, and nothing of it is kept."""
    quota = len(fake_video_bytes()) + spare_bytes
    settings = Settings(youtube_import=True, max_stored_bytes_per_user=quota)
    async with opened_world(tmp_path, settings=settings) as world:
        video = await begun(world)
        await world.run_jobs()
        failed = (await world.video(video.id)).failure
        assert (None if failed is None else failed.code) is code
        assert not [key for key in world.keys if key.startswith("videos/")]


async def test_what_was_begun_is_not_fetched_once_imports_are_off(world: World) -> None:
    """The operator's word holds for what waits, too."""
    video = await begun(world)
    off = wire(world.adapters, Settings())
    await off.run_job((await the_job(world, video)).id)
    assert await failure(world, video) is FailureCode.IMPORT_FAILED
    assert world.importer.fetched == []
