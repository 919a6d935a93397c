"""Verifying the tokens of viewers."""

import pytest

from domain.model.errors import Unauthenticated
from domain.model.ids import VideoId
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def is_rejected(world: World, text: str) -> bool:
    """Whether the token is rejected, with the code that does not reveal why."""
    try:
        await world.application.playback_tokens.verify(text)
    except Unauthenticated as error:
        return error.code == "invalid_token"
    return False


async def test_a_token_is_accepted_until_it_expires(world: World) -> None:
    """It names its video and that video's owner."""
    video = await world.upload()
    new = await world.application.playback_tokens.issue(ADA, video.id, expires_in=60)
    assert await world.application.playback_tokens.verify(new.text) == new.token
    assert (new.token.owner, new.token.video_id) == (ADA, video.id)
    world.clock.advance(60)
    assert await is_rejected(world, new.text)


async def test_a_revoked_or_deleted_one_is_rejected_at_once(world: World) -> None:
    """No cache is asked."""
    video = await world.upload()
    revoked, deleted = [await world.application.playback_tokens.issue(ADA, video.id, expires_in=60) for _ in range(2)]
    await world.application.playback_tokens.revoke(ADA, video.id, revoked.token.id)
    assert await is_rejected(world, revoked.text)
    assert not await is_rejected(world, deleted.text)
    await world.application.delete_video(ADA, VideoId(video.id))
    assert await is_rejected(world, deleted.text)


async def test_a_guessed_secret_is_rejected(world: World) -> None:
    """The id alone, which its owner's list shows, is not enough."""
    video = await world.upload()
    new = await world.application.playback_tokens.issue(ADA, video.id, expires_in=60)
    assert await is_rejected(world, new.text[:-32] + "f" * 32)
    assert await is_rejected(world, "play_nonsense")
