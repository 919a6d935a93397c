"""Lists of videos: what they contain, in which order, and the cursor from one page to the next."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from domain.model.errors import Rejected
from domain.model.ids import VideoId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.pagination import ID
from domain.model.videos.titles import title_key
from domain.model.videos.video import CaptionState, Video

SortKey: TypeAlias = datetime | str

# Text that every database accepts: without NUL, and without halves of surrogate pairs.
_STORABLE = re.compile(r"[^\x00\ud800-\udfff]*")


class VideoSort(StrEnum):
    """The order of a list; a minus sign means descending. Equal values are ordered by id."""

    NEWEST = "-created_at"
    OLDEST = "created_at"
    TITLE = "title"
    TITLE_DESCENDING = "-title"

    @property
    def is_descending(self) -> bool:
        """Whether the highest value comes first."""
        return self.value.startswith("-")

    @property
    def is_by_title(self) -> bool:
        """Whether the order is that of the folded titles, by code points."""
        return self in {VideoSort.TITLE, VideoSort.TITLE_DESCENDING}

    def key_of(self, video: Video) -> SortKey:
        """The value by which this video is sorted."""
        return title_key(video.title) if self.is_by_title else video.created_at


@dataclass(frozen=True, slots=True)
class VideoFilter:
    """Which videos are in a list; empty conditions hold for all. The times are a half-open interval.

    `words` are folded (`title_words`). `is_without_captions` is for videos that can be played and have no cues.
    """

    statuses: frozenset[VideoStatus] = frozenset()
    words: tuple[str, ...] = ()
    external_id: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    is_without_captions: bool = False

    def matches(self, video: Video) -> bool:
        """Whether the video is in the list."""
        key = title_key(video.title)
        return (
            (not self.statuses or video.status in self.statuses)
            and all(word in key for word in self.words)
            and self.external_id in {None, video.labels.external_id}
            and (self.created_after is None or self.created_after <= video.created_at)
            and (self.created_before is None or video.created_at < self.created_before)
            and not (self.is_without_captions and (video.captions is not CaptionState.NONE or not video.playable))
        )


@dataclass(frozen=True, slots=True)
class ListPosition:
    """The position after one video, in the order of a list."""

    key: SortKey
    video_id: VideoId


@dataclass(frozen=True, slots=True)
class VideoListing:
    """One list: its order and its filter."""

    sort: VideoSort = VideoSort.NEWEST
    filter: VideoFilter = VideoFilter()

    def position_after(self, video: Video) -> ListPosition:
        """The position right after this video."""
        return ListPosition(self.sort.key_of(video), video.id)

    def cursor(self, position: ListPosition) -> str:
        """A position as opaque text for clients, which is valid for this list alone."""
        key = position.key if isinstance(position.key, str) else position.key.isoformat()
        plain = json.dumps([self._digest, key, position.video_id], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode(errors="replace")).decode().rstrip("=")

    def position(self, cursor: str) -> ListPosition:
        """The position in a cursor that a client sent back.

        Raises:
            Rejected: `invalid_cursor`: the server did not make it, or for a list with another order or filter.
        """
        try:
            plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
            digest, key, video_id = (str(each) for each in json.loads(plain))
            if digest != self._digest or not ID.fullmatch(video_id) or not _STORABLE.fullmatch(key):
                raise _invalid()
            return ListPosition(key if self.sort.is_by_title else _time(key), VideoId(video_id))
        except (ValueError, TypeError, RecursionError):
            raise _invalid() from None

    @property
    def _digest(self) -> str:
        """Tells lists apart: a cursor of another one would skip videos without an error."""
        chosen = self.filter
        covered = [
            self.sort,
            sorted(chosen.statuses),
            sorted(chosen.words),
            chosen.external_id,
            str(chosen.created_after),
            str(chosen.created_before),
            chosen.is_without_captions,
        ]
        return hashlib.sha256(json.dumps(covered).encode()).hexdigest()[:16]


NEWEST_FIRST = VideoListing()


@dataclass(frozen=True, slots=True)
class ListedVideo:
    """A video of a list, and the position right after it.

    The position is that of the stored key. Until the clean-up has folded the title of a video that a process of an
    older version added, this key is empty, and the video comes first in the order of titles.
    """

    video: Video
    position: ListPosition


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the cursor of the next page, None on the last page."""

    videos: tuple[Video, ...]
    next_cursor: str | None


def page_of(listing: VideoListing, found: Sequence[ListedVideo], limit: int) -> Page:
    """A page made of up to `limit + 1` videos; the extra one only shows that there is a next page."""
    items = found[:limit]
    return Page(
        tuple(each.video for each in items),
        listing.cursor(items[-1].position) if len(found) > limit else None,
    )


def _time(text: str) -> datetime:
    """The time in a cursor, in UTC: a forged one with another offset could be outside the calendar's range."""
    time = datetime.fromisoformat(text)
    if time.utcoffset() != timedelta(0):
        raise _invalid()
    return time


def _invalid() -> Rejected:
    return Rejected("This cursor is not one of this list; start again without a cursor.", code="invalid_cursor")
