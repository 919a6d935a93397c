"""Listing videos."""

import pytest

from domain.model.errors import Rejected
from domain.model.ids import UserId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import VideoFilter, VideoListing
from domain.model.videos.video import Video
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_pages_lead_through_all_videos(world: World) -> None:
    """They list the newest first and each video once, until there is no cursor."""
    videos: list[Video] = []
    for _ in range(5):
        videos.append(await world.request_upload(b"content"))
        world.clock.advance(1)
    await world.request_upload(b"content", owner=UserId("mallory"))
    seen: list[Video] = []
    cursor: str | None = None
    while True:
        page = await world.application.list_videos(ADA, limit=2, cursor=cursor)
        seen += page.videos
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert seen == list(reversed(videos))


async def test_a_page_can_show_one_status(world: World) -> None:
    """The filter is the name of a status."""
    done = await world.upload_and_process()
    await world.request_upload(b"content")
    page = await world.application.list_videos(
        ADA, limit=10, listing=VideoListing(filter=VideoFilter(frozenset({VideoStatus.COMPLETED})))
    )
    assert page.videos == (done,)


@pytest.mark.parametrize("limit", [0, -1, 101, 10**9])
async def test_the_page_size_has_bounds(world: World, limit: int) -> None:
    """A client cannot request everything at once."""
    with pytest.raises(Rejected):
        await world.application.list_videos(ADA, limit=limit)
