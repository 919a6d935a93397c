"""Saving a transcript."""

import pytest

from domain.model.videos.lifecycle import VideoStatus
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_the_speech_track_is_erased_after_transcription(world: World) -> None:
    """Only published objects stay in the bucket."""
    video = await world.upload_and_process()
    assert not [key for key in world.keys if "audio" in key]
    assert video.status is VideoStatus.COMPLETED
