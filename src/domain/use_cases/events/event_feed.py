"""Reads the event log for all streams of one process."""

import asyncio
from collections.abc import AsyncIterator

from domain.model.errors import TooManyStreams, Unavailable
from domain.model.ids import UserId, VideoId
from domain.model.videos.events import LoggedEvent
from domain.ports.database import Database
from domain.ports.event_bus import BusMessage, EventBus, StageProgress
from domain.use_cases.events.messages import EndReason
from domain.use_cases.events.signal import Signal
from domain.use_cases.events.subscription import Subscription

READ_AT_ONCE = 500
SETTLED_AT_ONCE = 1000


class EventFeed:
    """Hands the events of the log and the percentages of the bus over to the streams of this process.

    - The log is read after a hint, and otherwise every `poll_every_s` while there are streams: neither the loss of a
      hint nor that of the bus loses an event.
    - While the database is unavailable, streams stay open; afterwards the feed continues where it stopped.
    - A user may have at most `max_streams_per_user` streams of this process.
    """

    def __init__(
        self, database: Database, bus: EventBus, *, max_streams_per_user: int, poll_every_s: float = 2.0
    ) -> None:
        self._database = database
        self._bus = bus
        self._max_streams_per_user = max_streams_per_user
        self._poll_every_s = poll_every_s
        self._streams: dict[UserId, set[Subscription]] = {}
        self._position: int | None = None
        self._reading = asyncio.Lock()
        self._has_streams = asyncio.Event()
        self._hint = Signal()
        self._is_stopped = False

    @property
    def stream_count(self) -> int:
        """Number of open streams."""
        return sum(map(len, self._streams.values()))

    async def subscribe(self, owner: UserId, video_id: VideoId | None = None) -> Subscription:
        """Receive the events of one video, or of all videos of a user, that are settled from now on.

        Raises:
            TooManyStreams: the user has too many streams.
            Unavailable: the database does not answer, or the server is stopping.
        """
        if self._is_stopped:
            raise Unavailable("The server is stopping; try again.", code="stopping")
        if len(self._streams.get(owner, ())) >= self._max_streams_per_user:
            raise TooManyStreams(self._max_streams_per_user)
        subscription = Subscription(owner, video_id)
        self._streams.setdefault(owner, set()).add(subscription)
        self._has_streams.set()
        try:
            async with self._reading:
                await self._begin()
        except BaseException:
            self.unsubscribe(subscription)
            raise
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a stream; repeating it is harmless."""
        streams = self._streams.get(subscription.owner, set())
        streams.discard(subscription)
        if not streams:
            self._streams.pop(subscription.owner, None)
        if not self._streams:
            self._has_streams.clear()
            self._position = None  # The next stream starts at the end of the log.

    def stop(self) -> None:
        """End all streams, and accept no others; called when the server begins to stop."""
        self._is_stopped = True
        for streams in self._streams.values():
            for subscription in streams:
                subscription.close(EndReason.STOPPING)

    async def run(self) -> None:
        """Read until the task is cancelled."""
        async with self._bus.subscribe() as messages, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(messages))
            tasks.create_task(self._read_on())

    async def _listen(self, messages: AsyncIterator[BusMessage]) -> None:
        async for message in messages:
            if isinstance(message, StageProgress):
                self._report(message)
            else:
                self._hint.set()

    async def _read_on(self) -> None:
        while True:
            await self._has_streams.wait()
            is_hinted = await self._hint.wait(self._poll_every_s)
            try:
                async with self._reading:
                    await self._read_new(is_hinted=is_hinted)
            except Unavailable:
                continue  # The streams stay open, and the next turn tries again.

    async def _begin(self) -> None:
        """Start at the end of the log, unless other streams are being served already."""
        if self._position is None:
            async with self._database.read() as work:
                self._position = await work.events.last_position()

    async def _read_new(self, *, is_hinted: bool) -> None:
        if is_hinted or await self._needs_to_settle():
            await self._settle()
        is_full = True
        while is_full and self._position is not None:
            async with self._database.read() as work:
                events = await work.events.after(self._position, limit=READ_AT_ONCE)
            is_full = len(events) == READ_AT_ONCE
            self._deliver(events)

    async def _needs_to_settle(self) -> bool:
        """Whether events have no position yet; also notices that an older state of the database was restored."""
        async with self._database.read() as work:
            last_position = await work.events.last_position()
            if self._position is not None and last_position < self._position:
                self._restart_at(last_position)
            return await work.events.has_unsettled()

    def _restart_at(self, position: int) -> None:
        self._position = position
        for streams in self._streams.values():
            for subscription in streams:
                subscription.fall_behind()

    async def _settle(self) -> None:
        settled = SETTLED_AT_ONCE
        while settled == SETTLED_AT_ONCE:
            async with self._database.write() as work:
                settled = await work.events.settle(limit=SETTLED_AT_ONCE)

    def _deliver(self, events: list[LoggedEvent]) -> None:
        for logged in events:
            for subscription in self._streams.get(logged.event.owner, ()):
                if subscription.video_id in {None, logged.event.video_id}:
                    subscription.deliver(logged)
        if events and self._streams:
            self._position = events[-1].position

    def _report(self, progress: StageProgress) -> None:
        for subscription in self._streams.get(progress.owner, ()):
            if subscription.video_id in {None, progress.video_id}:
                subscription.report(progress)
