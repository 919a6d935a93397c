"""Extracting the speech of a published video for a new transcription."""

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Unavailable
from domain.model.failure import WarningCode
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.jobs.run_job import JobResult
from tests.support.regenerating import request_transcript, text_of
from tests.support.world import World

pytestmark = pytest.mark.anyio

SILENT = fake_video_bytes(silences=((0.0, 10.0),))


async def test_a_lost_attempt_leaves_nothing(world: World) -> None:
    """A speech track that a lost worker stored is erased with the run."""
    video = await world.upload_and_process()
    await request_transcript(world, video)
    (job,) = await world.jobs(video.id, JobKind.RETRANSCRIBE)
    async with world.database.write() as work:
        await work.jobs.claim(job.id, lease_s=60)
    left = ObjectKey(f"derived/ada/{video.id}/1-audio1.ogg")
    world.objects.objects[left] = b"a track"
    world.clock.advance(61)
    await world.application.sweep_jobs()
    await world.run_jobs()
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED
    assert left not in world.keys


async def test_without_speech_the_new_transcript_is_empty(world: World) -> None:
    """The transcriber is not called."""
    video = await world.upload_and_process()
    assert video.publication is not None
    world.objects.objects[video.publication.main.key] = SILENT
    await request_transcript(world, video)
    calls = world.transcriber.calls
    await world.run_jobs()
    assert (await text_of(world, video), world.transcriber.calls) == ("", calls)
    assert (await world.video(video.id)).stage(StageName.TRANSCRIBE).state is StageState.DONE


async def test_removing_the_transcriber_keeps_the_old_transcript(world: World) -> None:
    """The waiting run ends with a warning."""
    video = await world.upload_and_process()
    await request_transcript(world, video)
    application = world.without_transcriber()
    await application.run_job(world.queue.sent.pop(0).id)
    current = await world.video(video.id)
    assert (current.status, current.stage(StageName.TRANSCRIBE).state) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert [warning.code for warning in current.warnings] == [WarningCode.TRANSCRIPTION_DISABLED]
    assert await text_of(world, video)


async def test_a_transient_error_is_retried(world: World) -> None:
    """The bucket did not answer once."""
    video = await world.upload_and_process()
    world.transcoder.fail("extract_audio", Unavailable("The disk is full."), times=1)
    await request_transcript(world, video)
    (job,) = await world.jobs(video.id, JobKind.RETRANSCRIBE)
    assert [outcome.result for outcome in await world.run_jobs()] == [JobResult.RESCHEDULED]
    world.clock.advance(6)
    await world.application.run_job(job.id)
    await world.run_jobs()
    assert (await world.job(job.id)).state is JobState.DONE
    assert (await world.video(video.id)).stage(StageName.TRANSCRIBE).state is StageState.DONE
