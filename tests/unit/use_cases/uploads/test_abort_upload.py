"""Aborting uploads that were cancelled."""

import pytest

from domain.model.errors import Unavailable
from domain.model.failure import FailureCode
from tests.support.uploading import ended, upload_in_parts
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_failed_abort_is_retried(world: World) -> None:
    """The bucket does not answer at that time, and the job is retried."""
    video = await upload_in_parts(world)
    world.multipart.fail_next("abort", error=Unavailable("Away."))
    await world.application.uploads.cancel(ADA, video.id)
    await world.run_jobs()
    assert len(world.multipart.uploads) == 1
    world.clock.advance(10)
    await world.application.sweep_jobs()
    await ended(world, video, FailureCode.UPLOAD_CANCELLED)
