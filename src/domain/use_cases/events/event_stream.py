"""One stream of events to one client."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.model.errors import Unavailable, VideoNotFound
from domain.model.videos.event_cursor import event_cursor
from domain.model.videos.events import EventType, LoggedEvent
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.clock import Clock
from domain.use_cases.events.event_feed import EventFeed
from domain.use_cases.events.messages import (
    End,
    EndReason,
    Ping,
    Reset,
    ResetReason,
    StreamedEvent,
    StreamMessage,
    UserSnapshot,
    VideoSnapshot,
)
from domain.use_cases.events.sources import EventSource
from domain.use_cases.events.subscription import Subscription

RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """What a client asks of a stream, and when its token expires."""

    last_event_id: str | None = None
    until_terminal: bool = False
    expires_at: datetime | None = None


class EventStream:
    """Yields a snapshot, the events after the client's cursor, and then what happens; each event once and in order.

    `close` must be called at its end, however it ends.
    """

    def __init__(
        self,
        source: EventSource,
        feed: EventFeed,
        subscription: Subscription,
        clock: Clock,
        *,
        options: StreamOptions,
        ping_s: float,
    ) -> None:
        self._source = source
        self._feed = feed
        self._subscription = subscription
        self._clock = clock
        self._options = options
        self._ping_s = ping_s
        self._cursor = 0
        self._status: VideoStatus | None = None
        self._opening: list[StreamMessage] = []
        self.is_over = False
        """The client has received everything up to the terminal status at which it wants the stream to end."""

    async def open(self, snapshot: VideoSnapshot | UserSnapshot) -> None:
        """Prepare the first messages; the snapshot may be older than the subscription, so the log is read after it.

        Raises:
            Unavailable: the database does not answer.
        """
        asked = self._options.last_event_id
        cursor = event_cursor(asked) if asked else None
        page = None if cursor is None else await self._source.page(cursor)
        if cursor is None or page is None or page.reset is not None:
            if asked:
                self._opening.append(Reset(ResetReason.INVALID if page is None else page.reset or ResetReason.INVALID))
            self._begin_with(snapshot)
            self._subscription.is_behind = True
            return
        self._begin_with(replace(snapshot, cursor=cursor))
        if cursor < snapshot.cursor:
            self._status = None  # The missed events tell it, and the stream must not end before they are sent.
        self._opening += self._streamed(page.events)
        self._subscription.is_behind = self._subscription.is_behind or page.is_full
        self.is_over = self._is_terminal and cursor == snapshot.cursor

    def close(self) -> None:
        """Leave the feed; repeating it is harmless."""
        self._feed.unsubscribe(self._subscription)

    def disconnect(self) -> None:
        """End the stream, because its client is gone."""
        self._subscription.close(EndReason.STOPPING)

    async def messages(self) -> AsyncGenerator[StreamMessage]:
        """Every message, until the stream ends."""
        end: EndReason | None = None
        while end is None:
            for message in await self._unsent():
                yield message
            end = self._end()
            if end is None and not await self._wait() and not self._is_expired:
                yield Ping()
        yield End(end)

    async def _unsent(self) -> list[StreamMessage]:
        """What can be sent now: percentages before events, because an event may end their stage."""
        unsent, self._opening = self._opening, []
        if self._subscription.is_behind:
            unsent += await self._missed()
        unsent += self._subscription.take_progress()
        delivered = tuple(self._subscription.take_events())
        # While the log has earlier events, the delivered ones wait for their turn there.
        return unsent if self._subscription.is_behind else unsent + self._streamed(delivered)

    async def _missed(self) -> list[StreamMessage]:
        """The next events of the log after the cursor, or the beginning again if the log does not have them."""
        self._subscription.is_behind = False
        try:
            page = await self._source.page(self._cursor)
            snapshot = None if page.reset is None else await self._source.snapshot()
        except Unavailable:
            self._subscription.is_behind = True
            await self._clock.sleep(RETRY_S)
            return [Ping()]
        except VideoNotFound:
            self._subscription.close(EndReason.DELETED)
            return []
        if page.reset is not None and snapshot is not None:
            self._begin_with(snapshot)
            return [Reset(page.reset)]
        self._subscription.is_behind = page.is_full or self._subscription.is_behind
        return self._streamed(page.events)

    def _begin_with(self, snapshot: VideoSnapshot | UserSnapshot) -> None:
        self._cursor = snapshot.cursor
        if isinstance(snapshot, VideoSnapshot):
            self._status = snapshot.video.status
        self._opening.append(snapshot)

    def _streamed(self, events: tuple[LoggedEvent, ...]) -> list[StreamMessage]:
        """The events that the client does not have yet; if one is missing between them, the log is read again."""
        messages: list[StreamMessage] = []
        for logged in events:
            cursor = self._source.cursor_of(logged)
            if cursor <= self._cursor:
                continue
            if not self._source.follows(self._cursor, logged):
                self._subscription.fall_behind()
                break
            self._cursor, self._status = cursor, logged.event.status or self._status
            if logged.event.type is EventType.VIDEO_DELETED and self._subscription.video_id is not None:
                self._subscription.close(EndReason.DELETED)
            messages.append(StreamedEvent(cursor, logged.event))
        return messages

    def _end(self) -> EndReason | None:
        if self._is_expired:
            return EndReason.EXPIRED
        if self._subscription.end is not None:
            return self._subscription.end
        return EndReason.TERMINAL if self._is_terminal and not self._has_more else None

    @property
    def _has_more(self) -> bool:
        """Whether the log or a new snapshot has to be sent before anything else."""
        return bool(self._opening) or self._subscription.is_behind

    @property
    def _is_expired(self) -> bool:
        expires_at = self._options.expires_at
        return expires_at is not None and expires_at <= self._clock.now()

    @property
    def _is_terminal(self) -> bool:
        return self._options.until_terminal and self._status is not None and self._status.is_terminal

    async def _wait(self) -> bool:
        """Wait for something to send; False if nothing has come for the time of a ping."""
        if self._has_more:
            return True
        return await self._subscription.wait(
            ping_s=self._ping_s, now=self._clock.now(), expires_at=self._options.expires_at
        )
