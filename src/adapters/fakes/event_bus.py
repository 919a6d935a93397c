"""An event bus in memory."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from domain.ports.event_bus import BusMessage, EventBus, EventsWritten


class InMemoryEventBus(EventBus):
    """Delivers messages within one event loop, and records them.

    While `is_down`, messages are lost as in an outage. A `fault` is raised by `publish`, as no bus may do.
    """

    def __init__(self) -> None:
        self.published: list[BusMessage] = []
        self.fault: Exception | None = None
        self._is_down = False
        self._subscribers: list[asyncio.Queue[BusMessage]] = []

    @property
    def is_down(self) -> bool:
        """Whether messages are lost."""
        return self._is_down

    @is_down.setter
    def is_down(self, is_down: bool) -> None:
        ended, self._is_down = self._is_down and not is_down, is_down
        if ended:
            self._deliver(EventsWritten())

    async def publish(self, message: BusMessage) -> None:
        if self.fault is not None:
            raise self.fault
        if not self._is_down:
            self.published.append(message)
            self._deliver(message)

    @asynccontextmanager
    async def subscribe(self) -> AsyncGenerator[AsyncIterator[BusMessage]]:
        messages = asyncio.Queue[BusMessage]()
        self._subscribers.append(messages)
        try:
            yield _each(messages)
        finally:
            self._subscribers.remove(messages)

    def _deliver(self, message: BusMessage) -> None:
        for messages in self._subscribers:
            messages.put_nowait(message)


async def _each(messages: asyncio.Queue[BusMessage]) -> AsyncIterator[BusMessage]:
    while True:
        yield await messages.get()
