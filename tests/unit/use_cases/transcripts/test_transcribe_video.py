"""Transcribing a video: every outcome."""

import asyncio
from pathlib import Path

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import CompressionFailed, Rejected, Unavailable
from domain.model.failure import FailureCode, WarningCode
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName, StageState
from domain.model.transcripts.transcript import ChunkTranscript
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.object_store import ObjectInfo
from domain.ports.progress import OnProgress
from domain.use_cases.jobs.run_job import JobResult
from entrypoints.http.videos.schemas import StatusResponse
from tests.support.builders import a_publication
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio

# 40 s with a pause every 8 s: three chunks.
LONG = fake_video_bytes(duration_s=40.0, silences=((7.0, 8.0), (15.0, 16.0), (23.0, 24.0), (31.0, 32.0), (39.0, 40.0)))


async def test_transcription_does_not_wait_for_compression(world: World) -> None:
    """The transcript is available during compression; the video completes when both are done."""
    world.transcoder.hang("compress")
    video = await world.upload()
    compressing = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await until(lambda: bool(world.queue.sent))
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert (await world.application.get_transcript(ADA, video.id)).text
    assert (await world.video(video.id)).status is VideoStatus.PROCESSING
    await world.application.run_job.drain()
    await compressing


async def test_a_video_without_sound_has_an_empty_transcript(world: World) -> None:
    """Without audio the transcriber is not called."""
    video = await world.processed(fake_video_bytes(audio_codec=None, stream_count=1))
    assert video.status is VideoStatus.COMPLETED
    assert (await world.application.get_transcript(ADA, video.id)).cues == ()
    assert world.transcriber.calls == 0


async def test_a_silent_video_has_an_empty_transcript(world: World) -> None:
    """Silence causes no call."""
    video = await world.processed(fake_video_bytes(duration_s=10.0, silences=((0.0, 10.0),)))
    assert video.status is VideoStatus.COMPLETED
    assert (await world.application.get_transcript(ADA, video.id)).text == ""
    assert world.transcriber.calls == 0


async def test_without_a_transcriber_a_video_completes_with_a_warning(world_without_transcriber: World) -> None:
    """No job is created that no worker could run."""
    video = await world_without_transcriber.processed()
    assert video.status is VideoStatus.COMPLETED
    assert video.stage(StageName.TRANSCRIBE).state is StageState.SKIPPED
    assert [warning.code for warning in video.warnings] == [WarningCode.TRANSCRIPTION_DISABLED]


async def test_a_retry_pays_only_for_missing_chunks(world: World) -> None:
    """Two of three chunks are saved when the third fails."""
    video = await world.upload(LONG)
    await world.application.run_job(world.queue.sent.pop(0).id)
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    world.transcriber.fail(Unavailable("Too many requests.", retry_after_s=30), times=1, after=2)
    outcome = await world.application.run_job(job.id)
    assert outcome.result is JobResult.RESCHEDULED
    assert (await world.job(job.id)).run_after >= world.clock.now()
    world.clock.advance(31)
    await world.application.run_job(job.id)
    await world.run_jobs()
    assert world.transcriber.calls == 4
    video = await world.video(video.id)
    assert video.status is VideoStatus.COMPLETED
    assert (await world.application.get_transcript(ADA, video.id)).text.count("fox") == 3


async def test_the_servers_retry_after_is_obeyed(world: World) -> None:
    """It overrides a shorter back-off."""
    world.transcriber.fail(Unavailable("Too many requests.", retry_after_s=120), times=1)
    video = await world.upload()
    await world.run_jobs()
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    assert (job.run_after - world.clock.now()).total_seconds() == 120


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("The key is wrong.", code="transcriber_unauthorized", retryable=False),
        Rejected("The chunk is refused.", code="transcription_rejected"),
    ],
)
async def test_a_permanently_failed_transcription_leaves_a_playable_video(
    world: World, error: Unavailable | Rejected
) -> None:
    """The video is failed in the stage `transcribe`, and can be played."""
    world.transcriber.fail(error)
    video = await world.processed()
    assert (video.status, video.playable) == (VideoStatus.FAILED, True)
    assert video.failure is not None
    assert (video.failure.stage, video.failure.code) == (StageName.TRANSCRIBE, FailureCode.TRANSCRIPTION_FAILED)
    assert video.failure.message.endswith(f"could not be transcribed. {error.detail}")
    assert world.transcriber.calls == 1


async def test_messages_of_unexpected_errors_reach_no_client(world: World) -> None:
    """They may contain anything."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    async with world.database.write() as work:
        await world.application.run_job.handlers.of(job).give_up(work, job, ValueError("canary"))
    current = await world.video(video.id)
    assert current.failure is not None
    assert current.failure.message.endswith("An unexpected error; see the server's log.")


async def test_an_early_failure_waits_for_the_rendition(world: World) -> None:
    """A transcription that fails first does not fail the video before its publication."""
    world.transcriber.fail(Rejected("No."))
    world.transcoder.hang("compress")
    video = await world.upload()
    compressing = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await until(lambda: bool(world.queue.sent))
    await world.application.run_job(world.queue.sent.pop(0).id)
    current = await world.video(video.id)
    assert current.status is VideoStatus.PROCESSING
    assert current.stage(StageName.TRANSCRIBE).state is StageState.FAILED
    assert StatusResponse.of(current).failure is None
    settled = current.published(a_publication(), now=world.clock.now()).settled(now=world.clock.now())
    failure = StatusResponse.of(settled).failure
    assert failure is not None
    assert failure.message.endswith("transcribed. No.")
    await world.application.run_job.drain()
    await compressing


async def test_audio_that_cannot_be_decoded_fails_only_the_transcription(world: World) -> None:
    """The rendition is published all the same."""
    world.transcoder.fail("extract_audio", CompressionFailed("The sound is broken."))
    video = await world.processed()
    assert (video.status, video.playable) == (VideoStatus.FAILED, True)
    assert video.failure is not None
    assert video.failure.stage is StageName.TRANSCRIBE


async def test_another_attempt_creates_no_second_transcription(world: World) -> None:
    """After a worker is lost behind the stored speech track, the next attempt finds the job."""
    world.transcoder.hang("compress")
    video = await world.upload()
    process = world.queue.sent.pop(0)
    running = asyncio.create_task(world.application.run_job(process.id))
    await until(lambda: bool(world.queue.sent))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await world.job(process.id)).state is JobState.QUEUED
    world.transcoder.resume("compress")
    await world.application.run_job(process.id)
    await world.run_jobs()
    assert len(await world.jobs(video.id, JobKind.TRANSCRIBE)) == 1
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_the_speech_track_is_erased_after_transcription(world: World) -> None:
    """Only published objects stay in the bucket."""
    video = await world.processed()
    assert not [key for key in world.keys if "audio" in key]
    assert video.status is VideoStatus.COMPLETED


async def test_a_waiting_transcription_without_a_transcriber_is_skipped(world: World) -> None:
    """The operator removed the transcriber: it ends with a warning, and speech track and saved chunks are erased."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    async with world.database.write() as work:
        await work.transcripts.save_chunk(job.id, 0, ChunkTranscript("A fox."))
    application = world.without_transcriber()
    while world.queue.sent:
        await application.run_job(world.queue.sent.pop(0).id)
    await application.sweep_jobs()
    await world.run_jobs()
    current = await world.video(video.id)
    assert current.status is VideoStatus.COMPLETED
    assert [warning.code for warning in current.warnings] == [WarningCode.TRANSCRIPTION_DISABLED]
    assert not [key for key in world.keys if "audio" in key]
    async with world.database.read() as work:
        assert await work.transcripts.chunks(job.id) == {}


async def test_a_skipped_transcription_that_dies_is_skipped_all_the_same(world: World) -> None:
    """The video does not wait for a transcript."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    for _ in range(12):
        async with world.database.write() as work:
            await work.jobs.claim(job.id, lease_s=60)
        world.clock.advance(61)
        await world.without_transcriber().sweep_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_a_video_deleted_while_its_speech_track_is_stored_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The speech track, which no job will read, is erased."""
    upload = world.objects.upload
    video = await world.upload()

    async def delete_during_upload(
        source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress
    ) -> ObjectInfo:
        info = await upload(source, key, content_type=content_type, on_progress=on_progress)
        if "audio" in key:
            await world.application.delete_video(ADA, video.id)
        return info

    monkeypatch.setattr(world.objects, "upload", delete_during_upload)
    world.transcoder.hang("compress")
    outcome = await world.application.run_job(world.queue.sent.pop(0).id)
    assert outcome.result is JobResult.LEASE_LOST
    await world.run_jobs()
    assert world.keys == set()


async def test_a_finished_transcription_outlives_its_transcriber(world: World) -> None:
    """A transcription that was done before the transcriber was removed stays done."""
    world.transcoder.hang("compress")
    video = await world.upload()
    process = world.queue.sent.pop(0)
    compressing = asyncio.create_task(world.application.run_job(process.id))
    await until(lambda: bool(world.queue.sent))
    await world.application.run_job(world.queue.sent.pop(0).id)
    await world.application.run_job.drain()
    await compressing
    world.transcoder.resume("compress")
    await world.without_transcriber().run_job(process.id)
    current = await world.video(video.id)
    assert (current.status, current.warnings) == (VideoStatus.COMPLETED, ())
    assert current.stage(StageName.TRANSCRIBE).state is StageState.DONE


async def test_a_settled_transcription_is_not_skipped(world: World) -> None:
    """A failed transcription stays failed."""
    video = await world.processed()
    assert video.transcription_disabled(now=world.clock.now()) == video
