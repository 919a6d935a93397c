"""The contract of every repository of playback tokens."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.access.playback_token import PlaybackToken
from domain.model.errors import NotFound, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.ports.database import Database
from tests.support.builders import NOW, VIDEO_ID, a_video

pytestmark = pytest.mark.anyio

TOKEN = PlaybackToken("t1", VIDEO_ID, UserId("ann"), "d" * 64, NOW, NOW + timedelta(seconds=60))
LATER = replace(TOKEN, id="t2", created_at=NOW + timedelta(seconds=1))
LONGER = replace(LATER, id="t3", expires_at=NOW + timedelta(seconds=90))


@pytest.fixture
async def tokens(database: Database) -> Database:
    """A database with three tokens of one video."""
    async with database.write() as work:
        await work.videos.add(a_video())
        for token in (TOKEN, LATER, LONGER):
            await work.playback_tokens.add(token)
    return database


async def test_a_token_is_stored_unchanged(tokens: Database) -> None:
    """Any text is accepted as an id."""
    async with tokens.read() as work:
        assert await work.playback_tokens.get("t1") == TOKEN
        for unknown in ("t4", "", "\0", "\ud800", "x" * 5000):
            with pytest.raises(NotFound) as missing:
                await work.playback_tokens.get(unknown)
            assert missing.value.code == "playback_token_not_found"


async def test_valid_tokens_are_listed_newest_first(tokens: Database) -> None:
    """A token is not valid at its expiry; ties are sorted by descending id."""
    async with tokens.read() as work:
        assert await work.playback_tokens.of_video(VIDEO_ID, valid_at=NOW) == [LONGER, LATER, TOKEN]
        assert await work.playback_tokens.of_video(VIDEO_ID, valid_at=TOKEN.expires_at) == [LONGER]
        assert await work.playback_tokens.of_video(VideoId("other"), valid_at=NOW) == []


async def test_tokens_are_deleted_by_id_or_after_their_expiry(tokens: Database) -> None:
    """An absent one is no error; those of other videos stay."""
    async with tokens.write() as work:
        for _ in range(2):
            await work.playback_tokens.delete("t2")
        await work.playback_tokens.delete_expired(VideoId("other"), valid_at=LONGER.expires_at)
        assert await work.playback_tokens.of_video(VIDEO_ID, valid_at=NOW) == [LONGER, TOKEN]
        await work.playback_tokens.delete_expired(VIDEO_ID, valid_at=TOKEN.expires_at)
    async with tokens.read() as work:
        assert await work.playback_tokens.of_video(VIDEO_ID, valid_at=NOW) == [LONGER]


async def test_tokens_go_with_their_video(tokens: Database) -> None:
    """A token needs its video."""
    async with tokens.write() as work:
        await work.videos.delete(VIDEO_ID, now=NOW)
    async with tokens.read() as work:
        with pytest.raises(NotFound):
            await work.playback_tokens.get("t1")
    with pytest.raises(VideoNotFound):
        async with tokens.write() as work:
            await work.playback_tokens.add(TOKEN)
