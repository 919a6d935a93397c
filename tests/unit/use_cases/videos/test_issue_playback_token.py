"""Issuing playback tokens."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from domain.model.errors import Conflict, Rejected, VideoNotFound
from domain.model.ids import UserId
from entrypoints.config.playback import PlaybackSettings
from entrypoints.config.settings import Settings
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio

TWO = replace(Settings(), playback=PlaybackSettings(playback_tokens_per_video=2))


async def test_only_the_owner_can_issue_a_token(world: World) -> None:
    """Before the video is playable as well."""
    video = await world.request_upload(b"0" * 100)
    with pytest.raises(VideoNotFound):
        await world.application.playback_tokens.issue(UserId("bob"), video.id, expires_in=60)
    with pytest.raises(Rejected):
        await world.application.playback_tokens.issue(ADA, video.id, expires_in=0)
    new = await world.application.playback_tokens.issue(ADA, video.id, expires_in=60)
    assert (new.token.expires_at - new.token.created_at).total_seconds() == 60


async def test_the_number_of_valid_tokens_is_limited(tmp_path: Path) -> None:
    """Also for concurrent requests; expired tokens do not count, and are deleted."""
    async with open_world(tmp_path, settings=TWO) as world:
        video = await world.upload()
        issue = world.application.playback_tokens.issue
        results = await asyncio.gather(*(issue(ADA, video.id, expires_in=60) for _ in range(5)), return_exceptions=True)
        refused = [error for error in results if isinstance(error, Conflict)]
        assert [error.code for error in refused] == ["too_many_playback_tokens"] * 3
        world.clock.advance(60)
        await issue(ADA, video.id, expires_in=60)
        assert len(world.database._committed.playback_tokens) == 1
