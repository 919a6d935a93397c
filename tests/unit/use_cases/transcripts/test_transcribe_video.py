"""Transcribing a video, and retrying it."""

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Unavailable
from domain.model.jobs.payloads import JobKind
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.jobs.run_job import JobResult
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

# 40 s with a pause every 8 s: three chunks.
LONG = fake_video_bytes(duration_s=40.0, silences=((7.0, 8.0), (15.0, 16.0), (23.0, 24.0), (31.0, 32.0), (39.0, 40.0)))


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
