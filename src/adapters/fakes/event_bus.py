"""An event bus in memory, for one event loop."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from domain.ports.event_bus import BusMessage, EventBus, EventsWritten


class InMemoryEventBus(EventBus):
    """Keeps what was published in `published`; while `is_down`, messages are lost."""

    def __init__(self) -> None:
        self.published: list[BusMessage] = []
        self._is_down = False
        self._queues: set[asyncio.Queue[BusMessage]] = set()

    @property
    def is_down(self) -> bool:
        """Whether messages are lost."""
        return self._is_down

    @is_down.setter
    def is_down(self, is_down: bool) -> None:
        if self._is_down and not is_down:
            for queue in self._queues:
                queue.put_nowait(EventsWritten())
        self._is_down = is_down

    async def publish(self, message: BusMessage) -> None:
        if self._is_down:
            return
        self.published.append(message)
        for queue in self._queues:
            queue.put_nowait(message)

    @asynccontextmanager
    async def subscribe(self) -> AsyncGenerator[AsyncIterator[BusMessage]]:
        queue: asyncio.Queue[BusMessage] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield _messages(queue)
        finally:
            self._queues.remove(queue)


async def _messages(queue: asyncio.Queue[BusMessage]) -> AsyncIterator[BusMessage]:
    while True:
        yield await queue.get()
