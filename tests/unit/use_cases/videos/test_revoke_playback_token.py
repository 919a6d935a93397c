"""Revoking playback tokens."""

import pytest

from domain.model.errors import NotFound, VideoNotFound
from domain.model.ids import UserId
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_token_is_revoked_once_and_by_its_owner(world: World) -> None:
    """It is not found under another video, nor a second time."""
    tokens = world.application.playback_tokens
    video, other = await world.upload(), await world.upload()
    token = (await tokens.issue(ADA, video.id, expires_in=60)).token
    with pytest.raises(VideoNotFound):
        await tokens.revoke(UserId("bob"), video.id, token.id)
    with pytest.raises(NotFound) as elsewhere:
        await tokens.revoke(ADA, other.id, token.id)
    await tokens.revoke(ADA, video.id, token.id)
    with pytest.raises(NotFound) as again:
        await tokens.revoke(ADA, video.id, token.id)
    assert elsewhere.value.code == again.value.code == "playback_token_not_found"
    assert await tokens.list(ADA, video.id) == []
