"""Processing a video: every outcome."""

import asyncio
from pathlib import Path

import pytest

from adapters.fakes.transcoder import FakeVideoProperties, fake_video_bytes
from domain.model.errors import CompressionFailed, NotFound, ObjectChanged, TelecineError, Unavailable
from domain.model.failure import FailureCode, WarningCode
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName, StageState
from domain.model.videos.guards import require_playable
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import Publication, PublicationKind
from domain.ports.object_store import ObjectInfo
from domain.ports.progress import OnProgress
from domain.use_cases.jobs.run_job import JobResult
from domain.use_cases.media.publish_video import PublishVideo
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio

FAILURE = CompressionFailed("The encoder gave up.")


async def test_a_good_video_is_completed(world: World) -> None:
    """It has a smaller rendition, a poster, a storyboard and a transcript; the original is erased."""
    video = await world.processed()
    assert video.status is VideoStatus.COMPLETED
    assert all(stage.state is StageState.DONE and stage.percent == 100 for stage in video.stages)
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ENCODED
    assert video.publication.main.size_bytes < video.source.size_bytes
    assert world.keys == set(video.publication.keys)
    assert len(world.keys) == 3
    transcript = await world.application.get_transcript(ADA, video.id)
    assert transcript.text == world.transcriber.heard.text


async def test_the_original_outlives_the_publication(world: World) -> None:
    """A separate job erases it; the job commits with the publication."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert (await world.video(video.id)).playable
    assert video.source.key in world.keys
    await world.run_jobs()
    assert video.source.key not in world.keys


async def test_the_original_is_erased_again_when_its_url_has_expired(world: World) -> None:
    """A presigned URL outlives the upload: an object stored under it later is erased, and nothing else."""
    video = await world.processed()
    world.objects.objects[video.source.key] = b"late"
    kept = world.keys - {video.source.key}
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == kept


async def test_failed_compression_keeps_the_original(world: World) -> None:
    """The original is published with a warning, and is transcribed all the same."""
    world.transcoder.fail("compress", FAILURE)
    video = await world.processed()
    assert video.status is VideoStatus.COMPLETED
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert world.keys == set(video.publication.keys)
    assert world.objects.objects[video.publication.main.key] == fake_video_bytes()
    assert [warning.code for warning in video.warnings] == [WarningCode.COMPRESSION_FAILED]
    assert video.stage(StageName.COMPRESS).state is StageState.FAILED
    assert video.stage(StageName.TRANSCRIBE).state is StageState.DONE
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set(video.publication.keys)


async def test_a_later_upload_is_never_played(world: World) -> None:
    """An upload URL outlives the upload; a published original is under a key that no client can write."""
    world.transcoder.fail("compress", FAILURE)
    video = await world.processed()
    world.objects.objects[video.source.key] = b"<script>"
    published = require_playable(await world.application.get_video(ADA, video.id))
    assert world.objects.objects[published.main.key] == fake_video_bytes()
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set(published.keys)


async def test_a_good_small_source_is_remuxed(world: World) -> None:
    """It needs no encoder run, and has no warning."""
    video = await world.processed(fake_video_bytes(pixel_format="yuv420p", container="matroska"))
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.REMUXED
    assert (video.publication.main.content_type, video.warnings) == ("video/mp4", ())
    assert video.stage(StageName.COMPRESS).state is StageState.DONE
    assert "compress" not in world.transcoder.calls
    assert world.keys == set(video.publication.keys)


async def test_a_source_that_would_grow_is_published_as_it_is(world: World) -> None:
    """It cannot be remuxed either; it has poster and storyboard, and a warning with the reason."""
    world.transcoder.fail("remux", FAILURE)
    content = fake_video_bytes(size_bytes=0, pixel_format="yuv420p")
    video = await world.processed(content)
    assert video.status is VideoStatus.COMPLETED
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert world.objects.objects[video.publication.main.key] == content
    assert world.keys == set(video.publication.keys)
    assert len(world.keys) == 3
    assert video.stage(StageName.COMPRESS).state is StageState.SKIPPED
    assert [warning.code for warning in video.warnings] == [WarningCode.ALREADY_SMALL]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"duration_s": 60.0, "readable_s": 30.0}, WarningCode.SOURCE_TRUNCATED),
        ({"faults": 5}, WarningCode.SOURCE_DAMAGED),
    ],
)
async def test_a_partly_unreadable_source_keeps_its_original(
    world: World, properties: FakeVideoProperties, code: WarningCode
) -> None:
    """The encoder succeeds; the rendition's duration or the decode errors show the damage. It has its pictures."""
    video = await world.processed(fake_video_bytes(**properties))
    assert video.status is VideoStatus.COMPLETED
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert world.keys == set(video.publication.keys)
    assert len(world.keys) == 3
    assert [warning.code for warning in video.warnings] == [code]


@pytest.mark.parametrize("error", [FAILURE, Unavailable("The operating system killed ffmpeg.")])
async def test_pictures_of_an_unproven_original_are_optional(world: World, error: TelecineError) -> None:
    """It is known not to decode completely, so a failed picture adds no warning and causes no retry."""
    for method in ("compress", "poster", "storyboard"):
        world.transcoder.fail(method, FAILURE if method == "compress" else error)
    video = await world.processed()
    assert video.publication is not None
    assert world.keys == {video.publication.main.key}
    assert [warning.code for warning in video.warnings] == [WarningCode.COMPRESSION_FAILED]


async def test_a_rendition_is_stored_while_its_pictures_are_made(world: World) -> None:
    """The compress stage is done by then; a stopping worker leaves no running tool behind."""
    world.transcoder.hang("poster")
    video = await world.upload()
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.transcoder.is_hanging.wait()
    await until(lambda: any(key.endswith("rendition.mp4") for key in world.keys))
    current = await world.video(video.id)
    states = [current.stage(name).state for name in (StageName.COMPRESS, StageName.PUBLISH)]
    assert (states, current.playable) == ([StageState.DONE, StageState.RUNNING], False)
    await world.application.run_job.drain()
    assert (await running).result is JobResult.GIVEN_BACK
    assert not world.transcoder.is_hanging.is_set()


async def test_a_failed_store_of_the_rendition_ends_the_pictures(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tool is left running, and the attempt is retried."""

    async def refuse(*_: object, **__: object) -> ObjectInfo:
        await world.transcoder.is_hanging.wait()
        raise Unavailable("The bucket is away.")

    monkeypatch.setattr(world.objects, "upload", refuse)
    world.transcoder.hang("storyboard")
    world.transcoder.fail("poster", FAILURE)
    world.transcoder.fail("extract_audio", FAILURE)
    await world.upload()
    (outcome,) = await world.run_jobs()
    assert outcome.result is JobResult.RESCHEDULED
    assert not world.transcoder.is_hanging.is_set()


async def test_a_video_without_poster_is_published_with_a_warning(world: World) -> None:
    """A missing poster does not delay the publication."""
    world.transcoder.fail("poster", FAILURE)
    video = await world.processed()
    assert video.status is VideoStatus.COMPLETED
    assert [warning.code for warning in video.warnings] == [WarningCode.POSTER_FAILED]
    with pytest.raises(NotFound) as missing:
        await world.application.get_playback.poster(ADA, video.id)
    assert missing.value.code == "poster_not_found"


async def test_a_video_without_storyboard_is_published_with_a_warning(world: World) -> None:
    """It can be played, and has a poster."""
    world.transcoder.fail("storyboard", FAILURE)
    video = await world.processed()
    assert video.publication is not None
    assert video.publication.storyboard is None
    assert world.keys == {video.publication.main.key, video.publication.poster_key}
    assert [warning.code for warning in video.warnings] == [WarningCode.STORYBOARD_FAILED]
    with pytest.raises(NotFound) as missing:
        await world.application.get_playback.storyboard(ADA, video.id)
    assert missing.value.code == "storyboard_not_found"


@pytest.mark.parametrize("method", ["poster", "storyboard"])
async def test_a_transient_error_with_a_picture_is_retried(world: World, method: str) -> None:
    """A killed tool says nothing about the video; the other picture is cancelled with it."""
    world.transcoder.fail(method, Unavailable("The operating system killed ffmpeg."), times=1)
    video = await world.upload()
    outcomes = await world.run_jobs()
    assert outcomes[0].result is JobResult.RESCHEDULED
    world.clock.advance(6)
    await world.application.sweep_jobs()
    await world.run_jobs()
    current = await world.video(video.id)
    assert (current.status, current.warnings) == (VideoStatus.COMPLETED, ())


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"video_codec": None}, FailureCode.NOT_A_VIDEO),
        ({"video_codec": "magicyuv"}, FailureCode.UNSUPPORTED_CODEC),
        ({"duration_s": 5 * 3600.0}, FailureCode.TOO_LONG),
        ({"width": 16000, "height": 16000}, FailureCode.TOO_LARGE_PICTURE),
        ({"stream_count": 300}, FailureCode.TOO_MANY_STREAMS),
        ({"frame_rate": 1000.0}, FailureCode.FRAME_RATE_TOO_HIGH),
        ({"duration_s": 0.0}, FailureCode.MALFORMED_VIDEO),
    ],
)
async def test_unfit_media_fails_the_video_at_once(
    world: World, properties: FakeVideoProperties, code: FailureCode
) -> None:
    """The probe rejects it with a code before decoding; the original is kept, and the worker continues."""
    video = await world.processed(fake_video_bytes(**properties))
    assert video.status is VideoStatus.FAILED
    assert video.failure is not None
    assert (video.failure.stage, video.failure.code) == (StageName.PROBE, code)
    assert not video.playable
    assert world.keys == {video.source.key}
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert (job.state, job.attempt) == (JobState.DEAD, 1)
    assert (await world.processed()).status is VideoStatus.COMPLETED


async def test_bytes_that_are_no_video_fail(world: World) -> None:
    """Only its first bytes look like a video."""
    video = await world.processed(b"RIFF\x00\x10\x00\x00AVI and nothing more.")
    assert video.failure is not None
    assert video.failure.code is FailureCode.NOT_A_VIDEO


async def test_a_missing_source_fails_the_video(world: World) -> None:
    """The failure is permanent, so there is no retry."""
    video = await world.upload()
    world.objects.objects.clear()
    await world.run_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.failure.stage, failed.failure.code) == (StageName.DOWNLOAD, FailureCode.SOURCE_MISSING)


async def test_a_replaced_source_fails_the_video(world: World) -> None:
    """Only the object that was verified is processed."""
    video = await world.upload()
    world.objects.objects[video.source.key] = fake_video_bytes(duration_s=11.0)
    await world.run_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert failed.failure.code is FailureCode.SOURCE_CHANGED
    assert ObjectChanged.code == "object_changed"


async def test_a_short_outage_of_the_bucket_only_costs_time(world: World) -> None:
    """The attempt is retried after its back-off."""
    world.objects.fail_next("download")
    video = await world.upload()
    (outcome,) = await world.run_jobs()
    assert outcome.result is JobResult.RESCHEDULED
    assert (await world.video(video.id)).status is VideoStatus.PROCESSING
    world.clock.advance(6)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_a_lasting_outage_of_the_bucket_fails_the_video(world: World) -> None:
    """After the last attempt the job is dead, the failure names the reason, and the original is kept."""
    world.objects.fail_next("download", times=99, error=Unavailable("The bucket is away."))
    video = await world.upload()
    for _ in range(12):
        await world.run_jobs()
        world.clock.advance(3601)
        await world.application.sweep_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.message) == (FailureCode.PROCESSING_FAILED, "The bucket is away.")
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert (job.state, job.attempt) == (JobState.DEAD, 12)
    assert world.keys == {video.source.key}


async def test_an_incomplete_rendition_is_not_published(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bucket must have every byte of it before the original is erased."""
    upload = world.objects.upload

    async def upload_half(source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress) -> ObjectInfo:
        info = await upload(source, key, content_type=content_type, on_progress=on_progress)
        if key.endswith("rendition.mp4"):
            world.objects.objects[key] = b"half"
            return world.objects.info(key)
        return info

    monkeypatch.setattr(world.objects, "upload", upload_half)
    video = await world.upload()
    await world.run_jobs()
    current = await world.video(video.id)
    assert not current.playable
    assert current.source.key in world.keys


async def test_a_full_disk_is_waited_for(world: World) -> None:
    """Space may become free, so the video does not fail."""
    world.workspace.free_bytes = 10
    video = await world.upload()
    (outcome,) = await world.run_jobs()
    assert outcome.result is JobResult.RESCHEDULED
    assert (await world.video(video.id)).status is VideoStatus.PROCESSING


async def test_progress_is_written_while_the_encoder_works(world: World) -> None:
    """It is written at most once a second, and never decreases."""
    world.transcoder.hang("compress")
    video = await world.upload()
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.transcoder.is_hanging.wait()
    await world.pass_time(1)
    assert (await world.video(video.id)).stage(StageName.COMPRESS).percent == 50
    await world.application.run_job.drain()
    assert (await running).result is JobResult.GIVEN_BACK


async def test_compression_reports_its_speed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of a 10-second video in one second is a speed of 1."""

    async def compress(*_: object, on_progress: OnProgress, **__: object) -> None:
        on_progress(10.0)
        await world.clock.sleep(1.5)
        on_progress(20.0)
        await asyncio.Event().wait()

    monkeypatch.setattr(world.transcoder, "compress", compress)
    video = await world.upload()
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await until(lambda: world.clock.sleepers >= 3)
    for seconds in (1.0, 0.5, 0.5):
        await world.pass_time(seconds)
    stage = (await world.video(video.id)).stage(StageName.COMPRESS)
    assert (stage.percent, stage.speed, stage.eta_s) == (20.0, 1.0, 8.0)
    await world.application.run_job.drain()
    assert (await running).result is JobResult.GIVEN_BACK


async def test_leftovers_of_an_earlier_attempt_are_erased(world: World) -> None:
    """Attempts never share a key; the last one erases the objects of the others."""
    video = await world.upload()
    stale = ObjectKey(f"derived/ada/{video.id}/0-rendition.mp4")
    world.objects.objects[stale] = b"stale"
    await world.run_jobs()
    assert stale not in world.keys
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_a_video_deleted_during_processing_leaves_nothing(world: World) -> None:
    """The worker finds its lease lost and stops, and every object is erased."""
    world.transcoder.hang("compress")
    video = await world.upload()
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.transcoder.is_hanging.wait()
    await world.application.delete_video(ADA, video.id)
    await until(running.done, each_turn=lambda: world.clock.advance(15))
    assert running.result().result is JobResult.LEASE_LOST
    await world.run_jobs()
    assert world.keys == set()


async def test_a_video_deleted_at_the_last_moment_leaves_no_rendition(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Objects that were stored just before the lost lease was noticed are erased."""
    upload = world.objects.upload
    video = await world.upload()

    async def delete_during_upload(
        source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress
    ) -> ObjectInfo:
        info = await upload(source, key, content_type=content_type, on_progress=on_progress)
        if key.endswith("rendition.mp4"):
            await world.application.delete_video(ADA, video.id)
            await world.run_jobs()
            world.objects.objects[key] = b"arrives late"
        return info

    monkeypatch.setattr(world.objects, "upload", delete_during_upload)
    await world.run_jobs()
    assert world.keys == set()


@pytest.mark.parametrize("method", ["compress", "poster", "storyboard"])
async def test_unpublished_objects_of_a_deleted_video_are_erased(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """A video that is deleted just before its publication leaves nothing, even if its rendition or poster failed."""
    world.transcoder.fail(method, FAILURE)
    video = await world.upload()
    commit = PublishVideo._commit

    async def deleted_first(publish: PublishVideo, job: Job, publication: Publication) -> Job:
        await world.application.delete_video(ADA, video.id)
        return await commit(publish, job, publication)

    monkeypatch.setattr(PublishVideo, "_commit", deleted_first)
    outcomes = await world.run_jobs()
    assert outcomes[0].result is JobResult.LEASE_LOST
    assert world.keys == set()


async def test_a_failed_video_keeps_its_original_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posters and renditions of failed attempts are erased."""
    upload = world.objects.upload
    failing = Unavailable("The bucket is away.")

    async def fail_renditions(
        source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress
    ) -> ObjectInfo:
        if "rendition" in key:
            raise failing
        return await upload(source, key, content_type=content_type, on_progress=on_progress)

    monkeypatch.setattr(world.objects, "upload", fail_renditions)
    video = await world.upload()
    for _ in range(12):
        await world.run_jobs()
        world.clock.advance(3601)
        await world.application.sweep_jobs()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.FAILED
    assert world.keys == {video.source.key}


async def test_an_outage_of_two_hours_fails_no_video(world: World) -> None:
    """The back-off of all attempts together is long enough."""
    world.objects.fail_next("download", times=10**6)
    video = await world.upload()
    for _ in range(2 * 60):
        await world.run_jobs()
        world.clock.advance(60)
        await world.application.sweep_jobs()
    assert (await world.video(video.id)).status is VideoStatus.PROCESSING
