"""Dispatching jobs to the queue."""

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.jobs.payloads import JobKind
from domain.model.videos.lifecycle import VideoStatus
from tests.support.world import World

pytestmark = pytest.mark.anyio

CONTENT = fake_video_bytes()


async def test_a_failed_send_does_not_fail_the_call(world: World) -> None:
    """The client gets its response; the unsent job waits for the sweep."""
    world.queue.is_down = True
    video = await world.upload(CONTENT)
    assert video.status is VideoStatus.UPLOADED
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert job.sent_at is None
