"""Reads all videos of a paged query."""

from collections.abc import Awaitable, Callable

from domain.model.ids import VideoId
from domain.model.videos.video import Video

PAGE_SIZE = 100

ReadPage = Callable[[VideoId | None], Awaitable[list[Video]]]


async def every_page(read_page: ReadPage) -> list[Video]:
    """The videos of all pages, in order.

    `read_page` returns the videos that follow the given id in the order of ids; None asks for the first page, and an
    empty page ends the query. Each call opens its own transaction, so that none stays open while many pages are read.
    """
    videos: list[Video] = []
    page = await read_page(None)
    while page:
        videos += page
        page = await read_page(page[-1].id)
    return videos
