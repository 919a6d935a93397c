"""List a user's videos."""

from dataclasses import dataclass

from domain.model.ids import UserId
from domain.model.videos.listing import NEWEST_FIRST, Page, VideoListing, page_of
from domain.model.videos.pagination import check_limit
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class ListVideos:
    """List the user's videos, one page at a time, newest first unless `sort` says otherwise.

    - A video is in the list if it meets every condition: one of the statuses in `status`, all words of `q`, the
      `external_id`, the times, and `captions=missing`.
    - `q` finds titles. Each of its words, which white space separates, must occur somewhere in the title, also within
      a word. Case, accents and width make no difference.
    - `sort` by title compares the titles without case, accents and width, by code points. Equal values are ordered by
      id.
    - Send `next_cursor` as `cursor`, with the same `sort` and conditions, to get the next page; it is null on the last
      page. `limit` may change from page to page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.
    - `poster_url` and `playback_url` are signed as by `GET /api/videos/{video_id}/playback`; they are null until the
      video is playable.
    """

    database: Database

    async def __call__(
        self, owner: UserId, *, limit: int, cursor: str | None = None, listing: VideoListing = NEWEST_FIRST
    ) -> Page:
        """One page of the owner's videos.

        Raises:
            Rejected: `invalid_limit` or `invalid_cursor`.
        """
        check_limit(limit)
        after = None if cursor is None else listing.position(cursor)
        async with self.database.read() as work:
            rows = await work.videos.page(owner, limit=limit + 1, listing=listing, after=after)
        return page_of(listing, rows, limit)
