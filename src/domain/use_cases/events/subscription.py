"""What one stream has still to send."""

from datetime import datetime

from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.model.videos.events import LoggedEvent
from domain.ports.event_bus import StageProgress
from domain.use_cases.events.messages import EndReason
from domain.use_cases.events.signal import Signal

MAX_EVENTS = 100
MAX_STAGES = 100


class Subscription:
    """The unsent events and percentages of one stream.

    Of percentages only the latest per stage is kept. If a slow client lets more than `MAX_EVENTS` events accumulate,
    they are dropped and `is_behind` is set: the stream then reads them from the log, so it uses bounded memory and
    misses none.
    """

    __slots__ = ("_changed", "_events", "_progress", "end", "is_behind", "owner", "video_id")

    def __init__(self, owner: UserId, video_id: VideoId | None) -> None:
        self.owner = owner
        self.video_id = video_id
        self.is_behind = False
        self.end: EndReason | None = None
        self._events: list[LoggedEvent] = []
        self._progress: dict[tuple[VideoId, StageName], StageProgress] | None = None
        self._changed = Signal()

    def deliver(self, logged: LoggedEvent) -> None:
        """Add an event."""
        if len(self._events) >= MAX_EVENTS:
            self.fall_behind()
        elif not self.is_behind:
            self._events.append(logged)
            self._changed.set()

    def report(self, progress: StageProgress) -> None:
        """Add a percentage, which replaces an unsent one of the same stage."""
        unsent = self._progress if self._progress is not None else {}
        key = progress.video_id, progress.stage
        if key in unsent or len(unsent) < MAX_STAGES:
            unsent[key] = progress
            self._progress = unsent
            self._changed.set()

    def fall_behind(self) -> None:
        """Drop the events, and let the stream read them from the log."""
        self._events = []
        self.is_behind = True
        self._changed.set()

    def close(self, reason: EndReason) -> None:
        """Let the stream end; the first reason counts."""
        self.end = self.end or reason
        self._changed.set()

    def take_events(self) -> list[LoggedEvent]:
        """The unsent events in order, which now count as sent."""
        events, self._events = self._events, []
        return events

    def take_progress(self) -> list[StageProgress]:
        """The unsent percentages, which now count as sent."""
        progress, self._progress = self._progress, None
        return [] if progress is None else list(progress.values())

    async def wait(self, *, ping_s: float, now: datetime, expires_at: datetime | None) -> bool:
        """Wait until there is something to send; False after `ping_s` seconds, or when the token expires."""
        timeout_s = ping_s if expires_at is None else min(ping_s, (expires_at - now).total_seconds())
        return await self._changed.wait(timeout_s)
