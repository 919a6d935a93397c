"""Where the events of a stream come from: those of one video, or those of all videos of a user."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from domain.model.errors import VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.videos.events import LoggedEvent
from domain.model.videos.guards import require_owner
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import VideoFilter, VideoListing
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.events.messages import ResetReason, UserSnapshot, VideoSnapshot

PAGE = 200
MAX_SNAPSHOT_VIDEOS = 100

_ACTIVE = VideoListing(filter=VideoFilter(frozenset(status for status in VideoStatus if not status.is_terminal)))


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events after a cursor, in order; with `reset`, the log no longer has all of them, or never had this cursor."""

    events: tuple[LoggedEvent, ...] = ()
    reset: ResetReason | None = None

    @property
    def is_full(self) -> bool:
        """Whether more events may follow."""
        return len(self.events) == PAGE


class EventSource(Protocol):
    """The log as one stream sees it."""

    @abstractmethod
    def cursor_of(self, logged: LoggedEvent) -> int:
        """The number by which this stream orders the event."""

    @abstractmethod
    def follows(self, cursor: int, logged: LoggedEvent) -> bool:
        """Whether no event of this stream can be between the cursor and this event."""

    @abstractmethod
    async def snapshot(self) -> VideoSnapshot | UserSnapshot:
        """The current state, and the cursor after which events follow.

        Raises:
            VideoNotFound: the owner has no such video.
        """

    @abstractmethod
    async def page(self, cursor: int) -> EventPage:
        """Events after the cursor that have a position already; the feed delivers the others later."""


@dataclass(frozen=True, slots=True)
class VideoEvents(EventSource):
    """The events of one video, by their `seq`."""

    database: Database
    owner: UserId
    video_id: VideoId

    def cursor_of(self, logged: LoggedEvent) -> int:
        return logged.event.seq

    def follows(self, cursor: int, logged: LoggedEvent) -> bool:
        return logged.event.seq == cursor + 1

    async def snapshot(self) -> VideoSnapshot:
        async with self.database.read() as work:
            video = require_owner(await work.videos.get(self.video_id), self.owner)
        return VideoSnapshot(video.event_seq, video)

    async def page(self, cursor: int) -> EventPage:
        async with self.database.read() as work:
            events = await work.events.of_video(self.video_id, after_seq=cursor, limit=PAGE)
            if events and not self.follows(cursor, events[0]):
                return EventPage(reset=ResetReason.DELETED)
            last_seq = await self._last_seq(work, cursor)
            if last_seq < cursor:
                return EventPage(reset=ResetReason.INVALID)
            if not events and last_seq > cursor and not await work.events.has_unsettled(video_id=self.video_id):
                return EventPage(reset=ResetReason.DELETED)
        return EventPage(tuple(events))

    async def _last_seq(self, work: UnitOfWork, cursor: int) -> int:
        """The number of the video's last event; that of a deleted video is not known, so it is the cursor."""
        try:
            return (await work.videos.get(self.video_id)).event_seq
        except VideoNotFound:
            return cursor


@dataclass(frozen=True, slots=True)
class UserEvents(EventSource):
    """The events of a user, by their position in the log."""

    database: Database
    owner: UserId

    def cursor_of(self, logged: LoggedEvent) -> int:
        return logged.position

    def follows(self, cursor: int, logged: LoggedEvent) -> bool:
        return logged.position > cursor

    async def snapshot(self) -> UserSnapshot:
        async with self.database.read() as work:
            cursor = await work.events.last_position()
            newest = await work.videos.page(self.owner, limit=MAX_SNAPSHOT_VIDEOS + 1, listing=_ACTIVE)
        shown = tuple(each.video for each in newest[:MAX_SNAPSHOT_VIDEOS])
        return UserSnapshot(cursor, shown, len(newest) <= MAX_SNAPSHOT_VIDEOS)

    async def page(self, cursor: int) -> EventPage:
        async with self.database.read() as work:
            if cursor > await work.events.last_position():
                return EventPage(reset=ResetReason.INVALID)
            if cursor < await work.events.deleted_through():
                return EventPage(reset=ResetReason.DELETED)
            return EventPage(tuple(await work.events.after(cursor, limit=PAGE, owner=self.owner)))
