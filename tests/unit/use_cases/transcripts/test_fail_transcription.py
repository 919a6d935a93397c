"""Failing a transcription for good."""

import asyncio

import pytest

from domain.model.errors import Rejected, Unavailable
from domain.model.failure import FailureCode
from domain.model.jobs.payloads import JobKind
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from entrypoints.http.videos.schemas import StatusResponse
from tests.support.builders import a_publication
from tests.support.world import World, until

pytestmark = pytest.mark.anyio


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
    video = await world.upload_and_process()
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
