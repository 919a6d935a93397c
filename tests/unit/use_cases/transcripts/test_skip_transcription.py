"""Skipping a transcription that has no transcriber."""

import asyncio

import pytest

from domain.model.failure import WarningCode
from domain.model.jobs.payloads import JobKind
from domain.model.stage import StageName, StageState
from domain.model.transcripts.transcript import ChunkTranscript
from domain.model.videos.lifecycle import VideoStatus
from tests.support.world import World, until

pytestmark = pytest.mark.anyio


async def test_without_a_transcriber_a_video_completes_with_a_warning(world_without_transcriber: World) -> None:
    """No job is created that no worker could run."""
    video = await world_without_transcriber.upload_and_process()
    assert video.status is VideoStatus.COMPLETED
    assert video.stage(StageName.TRANSCRIBE).state is StageState.SKIPPED
    assert [warning.code for warning in video.warnings] == [WarningCode.TRANSCRIPTION_DISABLED]


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
    video = await world.upload_and_process()
    assert video.transcription_disabled(now=world.clock.now()) == video
