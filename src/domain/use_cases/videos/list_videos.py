"""List a user's videos."""

from dataclasses import dataclass

from domain.model.ids import UserId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.pagination import Cursor, Page, check_limit, page_of
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class ListVideos:
    """List the user's videos, newest first, one page at a time.

    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.
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
