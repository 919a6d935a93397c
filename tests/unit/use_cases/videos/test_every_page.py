"""Reading all pages of a query of videos."""

import pytest

from domain.model.ids import VideoId
from domain.model.videos.video import Video
from domain.use_cases.videos.every_page import every_page
from tests.support.builders import a_uuid, a_video

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("count", [0, 1, 2, 5])
async def test_each_video_is_read_once(count: int) -> None:
    """Each page is asked for by the last id of the page before, until a page is empty."""
    stored = [a_video(id=VideoId(a_uuid(number))) for number in range(count)]
    ids = [video.id for video in stored]
    asked: list[VideoId | None] = []

    async def page_of_two(after: VideoId | None) -> list[Video]:
        asked.append(after)
        start = 0 if after is None else ids.index(after) + 1
        return stored[start : start + 2]

    assert await every_page(page_of_two) == stored
    assert asked == [None, *ids[1::2], *(ids[-1:] if count % 2 else [])]
