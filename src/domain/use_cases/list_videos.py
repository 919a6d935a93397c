"""Look through one's videos."""

from dataclasses import dataclass

from domain.model.identity import UserId
from domain.model.lifecycle import VideoStatus
from domain.model.pagination import Cursor, Page, check_limit, page_of
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class ListVideos:
    """List one's videos, newest first, a page at a time.

    - `next_cursor` leads to the next page; it is null on the last one.
    - Videos that come or go meanwhile neither repeat nor hide others.
    """

    database: Database

    async def __call__(
        self, owner: UserId, *, limit: int, cursor: str | None = None, status: VideoStatus | None = None
    ) -> Page:
        """One page of the owner's videos.

        Raises:
            Rejected: `invalid_limit` or `invalid_cursor`.
        """
        check_limit(limit)
        after = Cursor.decoded(cursor) if cursor is not None else None
        async with self.database.read() as work:
            rows = await work.videos.page(owner, limit=limit + 1, after=after, status=status)
        return page_of(rows, limit)
