"""Searching in all transcripts of a user."""

import pytest

from domain.model.errors import Rejected
from domain.model.ids import UserId
from domain.model.search.matching import Highlight
from domain.model.transcripts.transcript import ChunkTranscript
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_cues_are_found_as_soon_as_they_are_stored(world: World) -> None:
    """With the ranges that match; nobody else finds them."""
    video = await world.upload()
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\nWelcome to the Café.\n"
    await world.application.transcripts.replace(ADA, video.id, captions.encode(), language=None)
    (found,) = (await world.application.search.transcripts(ADA, "cafe WELCOME", limit=10)).cues
    assert (found.hit.video_id, found.hit.text) == (video.id, "Welcome to the Café.")
    assert found.highlights == (Highlight(0, 7), Highlight(15, 19))
    assert (await world.application.search.transcripts(UserId("bob"), "cafe", limit=10)).cues == ()


async def test_pages_follow_one_another(world: World) -> None:
    """The last one has no cursor."""
    world.transcriber.result = ChunkTranscript("Words.", language="en")
    for _ in range(5):
        await world.upload_and_process()
        world.clock.advance(1)
    search, seen, cursor = world.application.search.transcripts, list[str](), None
    for remaining in (3, 1, 0):
        page = await search(ADA, "words", limit=2, cursor=cursor)
        seen += [found.hit.video_id for found in page.cues]
        assert (page.next_cursor is None) == (remaining == 0)
        cursor = None if page.next_cursor is None else page.next_cursor.encoded()
    newest_first = sorted(world.database._committed.videos.values(), key=lambda video: video.created_at, reverse=True)
    assert seen == [video.id for video in newest_first]


@pytest.mark.parametrize(
    ("query", "limit", "cursor", "code"),
    [
        ("*", 10, None, "empty_query"),
        ("a" * 501, 10, None, "query_too_long"),
        ("a", 0, None, "invalid_limit"),
        ("a", 101, None, "invalid_limit"),
        ("a", 10, "garbage", "invalid_cursor"),
    ],
)
async def test_what_cannot_be_searched_is_rejected(
    world: World, query: str, limit: int, cursor: str | None, code: str
) -> None:
    """Each with a code."""
    with pytest.raises(Rejected) as rejected:
        await world.application.search.transcripts(ADA, query, limit=limit, cursor=cursor)
    assert rejected.value.code == code
