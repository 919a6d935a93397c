"""Discarding what failed runs of a transcription have left."""

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import CompressionFailed, Rejected
from domain.model.failure import WarningCode
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import JobKind
from domain.model.stage import StageName, StageState
from domain.model.transcripts.transcript import ChunkTranscript
from domain.model.videos.lifecycle import VideoStatus
from tests.support.regenerating import request_transcript, text_of
from tests.support.world import World

pytestmark = pytest.mark.anyio

BROKEN = Rejected("No.")
THREE_CHUNKS = fake_video_bytes(duration_s=40.0, silences=tuple((8.0 * n - 1.0, 8.0 * n) for n in range(1, 6)))


async def chunks_of(world: World, job: Job) -> dict[int, ChunkTranscript]:
    """The saved chunks of the job."""
    async with world.database.read() as work:
        return await work.transcripts.chunks(job.id)


@pytest.mark.parametrize("at", ["transcribe", "extract_audio"])
async def test_a_failed_run_keeps_the_old_transcript(world: World, at: str) -> None:
    """The video stays completed and gets a warning; nothing of the run is left in the bucket."""
    video = await world.upload_and_process()
    before, keys = await text_of(world, video), world.keys
    if at == "transcribe":
        world.transcriber.fail(BROKEN, times=1)
    else:
        world.transcoder.fail("extract_audio", CompressionFailed("The sound is broken."), times=1)
    await request_transcript(world, video)
    await world.run_jobs()
    await world.application.sweep_jobs()
    await world.run_jobs()
    current = await world.video(video.id)
    assert (current.status, current.failure) == (VideoStatus.COMPLETED, None)
    assert current.stage(StageName.TRANSCRIBE).state is StageState.FAILED
    assert [warning.code for warning in current.warnings] == [WarningCode.TRANSCRIPTION_FAILED]
    assert (await text_of(world, video), world.keys) == (before, keys)
    await request_transcript(world, video)
    await world.run_jobs()
    assert (await world.video(video.id)).warnings == ()


async def test_saved_chunks_of_a_failed_run_are_deleted(world: World) -> None:
    """No retry can use them."""
    world.transcriber.fail(BROKEN, times=1, after=2)
    video = await world.upload_and_process(THREE_CHUNKS)
    (dead,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    assert len(await chunks_of(world, dead)) == 2
    await request_transcript(world, video)
    assert await chunks_of(world, dead) == {}
