"""Sends messages to a server one after the other, and drops them while it is unavailable."""

import asyncio
from collections.abc import Awaitable, Callable

from adapters.eventbus.codec import encode
from adapters.eventbus.pauses import Pause
from domain.ports.event_bus import BusMessage, EventsWritten


class Publisher:
    """Sends each message within `max_wait_s`; after a failure, messages are dropped until the pause ends."""

    def __init__(
        self,
        send: Callable[[bytes], Awaitable[object]],
        pause: Pause,
        *,
        max_wait_s: float,
        errors: tuple[type[Exception], ...],
    ) -> None:
        self._send = send
        self._pause = pause
        self._max_wait_s = max_wait_s
        self._errors = errors
        self._one_at_a_time = asyncio.Lock()
        self._has_waiting_hint = False

    async def publish(self, message: BusMessage) -> None:
        """Send the message; a hint is dropped if another one is still waiting to be sent."""
        is_hint = isinstance(message, EventsWritten)
        if self._pause.is_on or (is_hint and self._has_waiting_hint):
            return
        self._has_waiting_hint = self._has_waiting_hint or is_hint
        try:
            async with self._one_at_a_time:
                if is_hint:
                    self._has_waiting_hint = False
                if not self._pause.is_on:
                    await self._send_in_time(encode(message))
        except asyncio.CancelledError:
            self._has_waiting_hint = False
            raise

    async def _send_in_time(self, text: bytes) -> None:
        try:
            async with asyncio.timeout(self._max_wait_s):
                await self._send(text)
        except self._errors as error:
            self._pause.failed(error)
        else:
            self._pause.succeeded()
