"""Keyset pagination: a cursor names the last row of a page, so added or deleted rows do not shift the next pages."""

import base64
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.model.errors import Rejected
from domain.model.ids import VideoId

DEFAULT_PAGE_LIMIT = 25
MAX_PAGE_LIMIT = 100

ID = re.compile(r"[\x21-\x7e]+")
"""What the id of a video in a cursor may contain."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position after one entry, in the order newest first, ties by descending id."""

    created_at: datetime
    video_id: VideoId

    def encoded(self) -> str:
        """The cursor as opaque text for clients."""
        plain = f"{self.created_at.isoformat()} {self.video_id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, text: str) -> "Cursor":
        """The cursor that a client sent back.

        Raises:
            Rejected: `invalid_cursor`: the server did not make it.
        """
        try:
            plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
            written_at, _, video_id = plain.partition(" ")
            created_at = datetime.fromisoformat(written_at)
        except ValueError:
            raise _invalid() from None
        # Our cursors are in UTC. A forged time with another offset could be outside the calendar's range.
        if created_at.utcoffset() != timedelta(0) or not ID.fullmatch(video_id):
            raise _invalid()
        return cls(created_at, VideoId(video_id))


def check_limit(limit: int) -> int:
    """The page size itself, if it is from 1 to 100.

    Raises:
        Rejected: `invalid_limit`.
    """
    if not 1 <= limit <= MAX_PAGE_LIMIT:
        raise Rejected(f"`limit` must be from 1 to {MAX_PAGE_LIMIT}.", code="invalid_limit")
    return limit


def _invalid() -> Rejected:
    return Rejected("This cursor is invalid; start again without a cursor.", code="invalid_cursor")
