"""List what every user stores."""

from dataclasses import dataclass

from domain.model.operations.user_usage import UserCursor, UserUsage
from domain.model.videos.pagination import check_limit
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class UserPage:
    """One page of users, and the cursor of the next page, None on the last page."""

    users: tuple[UserUsage, ...]
    next_cursor: UserCursor | None


@dataclass(frozen=True, slots=True)
class ListUsers:
    """List the users that have videos, with the bytes that these store; most bytes first, one page at a time.

    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page.
    """

    database: Database

    async def __call__(self, *, limit: int, cursor: str | None = None) -> UserPage:
        """One page of users.

        Raises:
            Rejected: `invalid_limit` or `invalid_cursor`.
        """
        check_limit(limit)
        after = UserCursor.decoded(cursor) if cursor is not None else None
        async with self.database.read() as work:
            users = await work.operations.users(limit=limit + 1, after=after)
        shown = tuple(users[:limit])
        return UserPage(shown, UserCursor.after(shown[-1]) if len(users) > limit else None)
