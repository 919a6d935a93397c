"""Listing playback tokens."""

import pytest

from domain.model.errors import VideoNotFound
from domain.model.ids import UserId
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_only_valid_tokens_of_the_video_are_listed(world: World) -> None:
    """Newest first, for the owner."""
    tokens = world.application.playback_tokens
    video, other = await world.upload(), await world.upload()
    await tokens.issue(ADA, video.id, expires_in=1)
    await tokens.issue(ADA, other.id, expires_in=60)
    world.clock.advance(1)
    older = await tokens.issue(ADA, video.id, expires_in=60)
    world.clock.advance(1)
    newer = await tokens.issue(ADA, video.id, expires_in=60)
    assert await tokens.list(ADA, video.id) == [newer.token, older.token]
    with pytest.raises(VideoNotFound):
        await tokens.list(UserId("bob"), video.id)
