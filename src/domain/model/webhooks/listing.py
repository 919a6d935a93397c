"""Pages of webhook endpoints and of deliveries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from domain.model.ids import VideoId
from domain.model.videos.pagination import Cursor


class Listed(Protocol):
    """Something with a time and an id, by which it is listed."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def created_at(self) -> datetime:
        """The time of its creation."""
        ...


T = TypeVar("T", bound=Listed)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page, newest first, and the cursor of the next page, None on the last page."""

    entries: tuple[T, ...]
    next_cursor: Cursor | None


def listing_of(rows: list[T], limit: int) -> Listing[T]:
    """A page made of up to `limit + 1` rows; the extra row only shows that there is a next page."""
    entries = tuple(rows[:limit])
    last = entries[-1] if len(rows) > limit else None
    return Listing(entries, None if last is None else Cursor(last.created_at, VideoId(last.id)))
