"""The messages that a subscriber has not read yet."""

import asyncio
from collections import deque

from domain.ports.event_bus import BusMessage, EventsWritten

CAPACITY = 1000


class Mailbox:
    """A bounded queue for one event loop.

    If it is full, its messages are replaced by one `EventsWritten`: percentages are lost, and the subscriber reads the
    log.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._messages: deque[BusMessage] = deque()
        self._has_messages = asyncio.Event()

    def put(self, message: BusMessage) -> None:
        """Add a message; two hints in a row are one."""
        messages = self._messages
        if isinstance(message, EventsWritten) and messages and isinstance(messages[-1], EventsWritten):
            return
        if len(messages) >= self._capacity:
            messages.clear()
            message = EventsWritten()
        messages.append(message)
        self._has_messages.set()

    def __aiter__(self) -> "Mailbox":
        return self

    async def __anext__(self) -> BusMessage:
        """Wait for the next message."""
        while not self._messages:
            self._has_messages.clear()
            await self._has_messages.wait()
        return self._messages.popleft()
