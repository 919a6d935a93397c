"""The durable log of events."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.ids import UserId, VideoId
from domain.model.videos.events import Event, LoggedEvent


class EventLog(Protocol):
    """Events in the order of their positions.

    The video repository appends the events of every video that it adds, saves or deletes, in the same transaction. A
    new event has no position and is not read. `settle` gives positions to the events whose transactions have committed;
    it is called before the log is read, in a unit of work of its own.
    """

    @abstractmethod
    async def append(self, *events: Event) -> None:
        """Add events that belong to no video."""

    @abstractmethod
    async def settle(self, *, limit: int = 1000) -> int:
        """Give positions to up to `limit` committed events without one, and return how many were given.

        Concurrent calls, also of other processes, wait for each other until their transactions end.
        """

    @abstractmethod
    async def has_unsettled(self, *, video_id: VideoId | None = None) -> bool:
        """Whether committed events, of this video if one is given, have no position yet.

        It is for a read-only transaction, which cannot settle them.
        """

    @abstractmethod
    async def last_position(self) -> int:
        """The highest position ever given; 0 if none. Deleting events does not lower it."""

    @abstractmethod
    async def deleted_through(self) -> int:
        """The highest position that retention has deleted; 0 if none."""

    @abstractmethod
    async def after(self, position: int, *, limit: int, owner: UserId | None = None) -> list[LoggedEvent]:
        """Up to `limit` events with a higher position, in order; only the owner's if one is given."""

    @abstractmethod
    async def of_video(self, video_id: VideoId, *, after_seq: int, limit: int) -> list[LoggedEvent]:
        """Up to `limit` events of the video with a higher `seq`, in order; those without a position are not read."""

    @abstractmethod
    async def count_older(self, before: datetime, *, through: int | None = None) -> int:
        """The number of events that occurred before this time; with `through`, only of positions up to this one."""

    @abstractmethod
    async def delete_older(self, before: datetime, *, limit: int, through: int | None = None) -> int:
        """Delete up to `limit` events, lowest positions first, that occurred before this time; return how many.

        Events without a position stay, and, with `through`, those of higher positions.
        """
