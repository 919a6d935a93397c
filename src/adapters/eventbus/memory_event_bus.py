"""The event bus inside one process, across event loops and threads."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Lock

from adapters.eventbus.mailbox import Mailbox
from domain.ports.event_bus import BusMessage, EventBus


class MemoryEventBus(EventBus):
    """Hands messages over to the event loop of each subscriber.

    In the embedded mode the workers' event loop is not the API's: both share one bus.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._mailboxes: dict[Mailbox, asyncio.AbstractEventLoop] = {}

    async def publish(self, message: BusMessage) -> None:
        with self._lock:
            mailboxes = list(self._mailboxes.items())
        for mailbox, loop in mailboxes:
            with suppress(RuntimeError):  # The subscriber's loop was closed without the end of its block.
                loop.call_soon_threadsafe(mailbox.put, message)

    @asynccontextmanager
    async def subscribe(self) -> AsyncGenerator[AsyncIterator[BusMessage]]:
        mailbox = Mailbox()
        with self._lock:
            self._mailboxes[mailbox] = asyncio.get_running_loop()
        try:
            yield mailbox
        finally:
            with self._lock:
                del self._mailboxes[mailbox]
