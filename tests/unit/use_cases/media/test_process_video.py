"""Processing a video: outages, refusals, and what an attempt leaves."""

import asyncio
from pathlib import Path

import pytest

from adapters.fakes.transcoder import FakeVideoProperties, fake_video_bytes
from domain.model.errors import ObjectChanged, Unavailable
from domain.model.failure import FailureCode
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.media.media_info import MediaKind
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import PublicationKind
from domain.ports.object_store import ObjectInfo
from domain.ports.progress import OnProgress
from domain.use_cases.jobs.run_job import JobResult
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio


async def test_a_good_video_is_completed(world: World) -> None:
    """It has a smaller rendition, a poster, a storyboard and a transcript; the original is erased."""
    video = await world.upload_and_process()
    assert video.status is VideoStatus.COMPLETED
    assert all(stage.state is StageState.DONE and stage.percent == 100 for stage in video.stages)
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ENCODED
    assert video.publication.main.size_bytes < video.source.size_bytes
    assert world.keys == set(video.publication.keys)
    assert len(world.keys) == 3
    transcript = await world.application.get_transcript(ADA, video.id)
    assert transcript.text == world.transcriber.result.text


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"video_codec": None, "audio_codec": None}, FailureCode.NOT_A_VIDEO),
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
    video = await world.upload_and_process(fake_video_bytes(**properties))
    assert video.status is VideoStatus.FAILED
    assert video.failure is not None
    assert (video.failure.stage, video.failure.code) == (StageName.PROBE, code)
    assert not video.playable
    assert world.keys == {video.source.key}
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert (job.state, job.attempt) == (JobState.DEAD, 1)
    assert (await world.upload_and_process()).status is VideoStatus.COMPLETED


async def test_sound_alone_is_processed(world: World) -> None:
    """It has a waveform as its poster, a transcript, no storyboard, and no warning about that."""
    video = await world.upload_and_process(fake_video_bytes(video_codec=None, audio_codec="mp3"))
    assert (video.status, video.warnings) == (VideoStatus.COMPLETED, ())
    assert video.media is not None
    assert video.media.kind is MediaKind.AUDIO
    assert video.publication is not None
    assert (video.publication.main.kind, video.publication.main.content_type) == (
        PublicationKind.ENCODED,
        "audio/mp4",
    )
    assert (video.publication.poster_key is None, video.publication.storyboard_key) == (False, None)
    assert "storyboard" not in world.transcoder.calls
    assert (await world.application.get_playback(ADA, video.id)).content_type == "audio/mp4"
    assert (await world.application.get_transcript(ADA, video.id)).text == world.transcriber.result.text


async def test_bytes_that_are_no_video_fail(world: World) -> None:
    """Only its first bytes look like a video."""
    video = await world.upload_and_process(b"RIFF\x00\x10\x00\x00AVI and nothing more.")
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
    await world.advance(1)
    assert (await world.video(video.id)).stage(StageName.COMPRESS).percent == 50
    await world.application.run_job.drain()
    assert (await running).result is JobResult.RELEASED


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
    await until(running.done, after_each_check=lambda: world.clock.advance(15))
    assert running.result().result is JobResult.LEASE_LOST
    await world.run_jobs()
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
