"""Deleting videos."""

import pytest

from domain.model.errors import VideoNotFound
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_deleting_a_video_removes_everything(world: World) -> None:
    """Its row, transcript and objects are removed; objects that arrive later are erased, too."""
    video = await world.upload_and_process()
    await world.application.delete_video(ADA, video.id)
    with pytest.raises(VideoNotFound):
        await world.application.get_video(ADA, video.id)
    await world.run_jobs()
    assert world.keys == set()
    world.objects.objects[video.source.key] = b"late"
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set()
