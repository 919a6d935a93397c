"""Processing a video: every way it can go."""

import asyncio
from pathlib import Path

import pytest

from adapters.fakes.transcoder import FakeVideoProperties, fake_video_bytes
from domain.model.errors import CompressionFailed, NotFound, ObjectChanged, TelecineError, Unavailable
from domain.model.failure import FailureCode, WarningCode
from domain.model.job import Job, JobKind, JobState
from domain.model.lifecycle import VideoStatus
from domain.model.object_key import ObjectKey
from domain.model.source import Publication, PublicationKind
from domain.model.stage import StageName, StageState
from domain.ports.object_store import ObjectInfo, OnProgress
from domain.use_cases.publish_video import PublishVideo
from domain.use_cases.run_job import JobResult
from tests.world import ADA, World, until

pytestmark = pytest.mark.anyio

FAILURE = CompressionFailed("The encoder gave up.")


async def test_a_good_video_is_completed(world: World) -> None:
    """There is a smaller rendition, a poster, a storyboard and a transcript, and the original is gone."""
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
    """It is erased by a job of its own, which commits with the publication."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert (await world.video(video.id)).playable
    assert video.source.key in world.keys
    await world.run_jobs()
    assert video.source.key not in world.keys


async def test_the_original_is_erased_again_when_its_url_has_expired(world: World) -> None:
    """A presigned URL outlives the upload; what is put there later goes too, and nothing else."""
    video = await world.processed()
    world.objects.objects[video.source.key] = b"late"
    kept = world.keys - {video.source.key}
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == kept


async def test_failed_compression_keeps_the_original(world: World) -> None:
    """It is played as it is, with a warning, and transcribed all the same."""
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


async def test_what_is_uploaded_after_publication_is_never_played(world: World) -> None:
    """An upload URL outlives the upload; the original that plays lies where no client can write."""
    world.transcoder.fail("compress", FAILURE)
    video = await world.processed()
    world.objects.objects[video.source.key] = b"<script>"
    published = (await world.application.get_video(ADA, video.id)).require_playable()
    assert world.objects.objects[published.main.key] == fake_video_bytes()
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set(published.keys)


async def test_a_good_small_source_is_remuxed(world: World) -> None:
    """Nobody waits for an encoder, and there is nothing to warn of."""
    video = await world.processed(fake_video_bytes(pixel_format="yuv420p", container="matroska"))
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.REMUXED
    assert (video.publication.main.content_type, video.warnings) == ("video/mp4", ())
    assert video.stage(StageName.COMPRESS).state is StageState.DONE
    assert "compress" not in world.transcoder.calls
    assert world.keys == set(video.publication.keys)


async def test_a_source_that_would_only_grow_is_played_as_it_is(world: World) -> None:
    """When it can't be remuxed either; it has its pictures, and a warning that says why."""
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
async def test_a_source_that_can_not_all_be_read_keeps_its_original(
    world: World, properties: FakeVideoProperties, code: WarningCode
) -> None:
    """The encoder does not mind; the rendition's length tells, or the faults that it met. It has its pictures."""
    video = await world.processed(fake_video_bytes(**properties))
    assert video.status is VideoStatus.COMPLETED
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert world.keys == set(video.publication.keys)
    assert len(world.keys) == 3
    assert [warning.code for warning in video.warnings] == [code]


@pytest.mark.parametrize("error", [FAILURE, Unavailable("The operating system killed ffmpeg.")])
async def test_pictures_of_an_unproven_original_are_a_courtesy(world: World, error: TelecineError) -> None:
    """It is known that not all of it can be decoded: nothing more is told, and nothing is tried again."""
    for method in ("compress", "poster", "storyboard"):
        world.transcoder.fail(method, FAILURE if method == "compress" else error)
    video = await world.processed()
    assert video.publication is not None
    assert world.keys == {video.publication.main.key}
    assert [warning.code for warning in video.warnings] == [WarningCode.COMPRESSION_FAILED]


async def test_a_rendition_is_stored_while_its_pictures_are_drawn(world: World) -> None:
    """Its compression is over, and a worker that stops leaves no drawing behind."""
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


async def test_a_rendition_that_can_not_be_stored_ends_the_drawing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left running, and the attempt is repeated."""

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
    """A missing picture is no reason to keep anybody waiting."""
    world.transcoder.fail("poster", FAILURE)
    video = await world.processed()
    assert video.status is VideoStatus.COMPLETED
    assert [warning.code for warning in video.warnings] == [WarningCode.POSTER_FAILED]
    with pytest.raises(NotFound) as missing:
        await world.application.issue_playback.poster(ADA, video.id)
    assert missing.value.code == "poster_not_found"


async def test_a_video_without_storyboard_is_published_with_a_warning(world: World) -> None:
    """It plays; its poster is there."""
    world.transcoder.fail("storyboard", FAILURE)
    video = await world.processed()
    assert video.publication is not None
    assert video.publication.storyboard is None
    assert world.keys == {video.publication.main.key, video.publication.poster_key}
    assert [warning.code for warning in video.warnings] == [WarningCode.STORYBOARD_FAILED]
    with pytest.raises(NotFound) as missing:
        await world.application.issue_playback.storyboard(ADA, video.id)
    assert missing.value.code == "storyboard_not_found"


@pytest.mark.parametrize("method", ["poster", "storyboard"])
async def test_trouble_of_ours_with_a_picture_is_waited_out(world: World, method: str) -> None:
    """A killed program says nothing about the video; the other picture is given up with it."""
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
    """It is refused before decoding, with its code; the original is not touched, the worker lives on."""
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
    """It begins as a video does, and that is all."""
    video = await world.processed(b"RIFF\x00\x10\x00\x00AVI and nothing more.")
    assert video.failure is not None
    assert video.failure.code is FailureCode.NOT_A_VIDEO


async def test_a_missing_source_fails_the_video(world: World) -> None:
    """Nothing can be done, so nothing is tried again."""
    video = await world.upload()
    world.objects.objects.clear()
    await world.run_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.failure.stage, failed.failure.code) == (StageName.DOWNLOAD, FailureCode.SOURCE_MISSING)


async def test_a_replaced_source_fails_the_video(world: World) -> None:
    """Only the object that was verified is worked on."""
    video = await world.upload()
    world.objects.objects[video.source.key] = fake_video_bytes(duration_s=11.0)
    await world.run_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert failed.failure.code is FailureCode.SOURCE_CHANGED
    assert ObjectChanged.code == "object_changed"


async def test_a_bucket_that_is_away_for_a_while_costs_time_only(world: World) -> None:
    """The attempt is repeated after its back-off."""
    world.objects.fail_next("download")
    video = await world.upload()
    (outcome,) = await world.run_jobs()
    assert outcome.result is JobResult.RESCHEDULED
    assert (await world.video(video.id)).status is VideoStatus.PROCESSING
    world.clock.advance(6)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_a_bucket_that_stays_away_fails_the_video_with_its_reason(world: World) -> None:
    """After the last attempt the job is dead and the original still there."""
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
    """The bucket must have every byte before the original may go."""
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
    """Space may come back; the video is not failed for it."""
    world.workspace.free_bytes = 10
    video = await world.upload()
    (outcome,) = await world.run_jobs()
    assert outcome.result is JobResult.RESCHEDULED
    assert (await world.video(video.id)).status is VideoStatus.PROCESSING


async def test_progress_is_written_while_the_encoder_works(world: World) -> None:
    """At most once a second, and only forwards."""
    world.transcoder.hang("compress")
    video = await world.upload()
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.transcoder.is_hanging.wait()
    await world.pass_time(1)
    assert (await world.video(video.id)).stage(StageName.COMPRESS).percent == 50
    await world.application.run_job.drain()
    assert (await running).result is JobResult.GIVEN_BACK


async def test_compressing_tells_how_many_seconds_of_video_it_does_in_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth of ten seconds is one."""

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


async def test_what_an_earlier_attempt_left_is_erased(world: World) -> None:
    """Attempts never share a key; the last one tidies up."""
    video = await world.upload()
    stale = ObjectKey(f"derived/ada/{video.id}/0-rendition.mp4")
    world.objects.objects[stale] = b"stale"
    await world.run_jobs()
    assert stale not in world.keys
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_a_video_deleted_under_the_worker_leaves_nothing(world: World) -> None:
    """The worker finds its fence gone, stops, and every object goes."""
    world.transcoder.hang("compress")
    video = await world.upload()
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.transcoder.is_hanging.wait()
    await world.application.delete_video(ADA, video.id)
    await until(running.done, each_turn=lambda: world.clock.advance(15))
    assert running.result().result is JobResult.LEASE_LOST
    await world.run_jobs()
    assert world.keys == set()


async def test_a_video_deleted_at_the_last_moment_takes_its_rendition_along(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Objects that were stored just before the fence was found gone are withdrawn."""
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
async def test_what_was_to_be_published_is_withdrawn_when_the_video_goes(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Without rendition, or without poster: a video deleted just before its publication leaves nothing."""
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
    """Posters and renditions of failed attempts go; the original is the client's."""
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
    """The back-off is long enough for it."""
    world.objects.fail_next("download", times=10**6)
    video = await world.upload()
    for _ in range(2 * 60):
        await world.run_jobs()
        world.clock.advance(60)
        await world.application.sweep_jobs()
    assert (await world.video(video.id)).status is VideoStatus.PROCESSING
