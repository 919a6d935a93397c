"""Preparing a transcription: the speech track, and the job."""

import asyncio
from pathlib import Path

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import CompressionFailed
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.object_store import ObjectInfo
from domain.ports.progress import OnProgress
from domain.use_cases.jobs.run_job import JobResult
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio


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
    video = await world.upload_and_process(fake_video_bytes(audio_codec=None, stream_count=1))
    assert video.status is VideoStatus.COMPLETED
    assert (await world.application.get_transcript(ADA, video.id)).cues == ()
    assert world.transcriber.calls == 0


async def test_a_silent_video_has_an_empty_transcript(world: World) -> None:
    """Silence causes no call."""
    video = await world.upload_and_process(fake_video_bytes(duration_s=10.0, silences=((0.0, 10.0),)))
    assert video.status is VideoStatus.COMPLETED
    assert (await world.application.get_transcript(ADA, video.id)).text == ""
    assert world.transcriber.calls == 0


async def test_audio_that_cannot_be_decoded_fails_only_the_transcription(world: World) -> None:
    """The rendition is published all the same."""
    world.transcoder.fail("extract_audio", CompressionFailed("The sound is broken."))
    video = await world.upload_and_process()
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
