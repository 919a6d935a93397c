"""A flag that one task waits for."""

import asyncio


class Signal:
    """Wakes its only waiter when it is set; a signal that is set before the wait counts too.

    It creates neither a task nor an exception for a time limit, because every idle stream waits for one.
    """

    __slots__ = ("_is_set", "_waiter")

    def __init__(self) -> None:
        self._is_set = False
        self._waiter: asyncio.Future[None] | None = None

    def set(self) -> None:
        """Wake the waiter."""
        self._is_set = True
        self._wake()

    async def wait(self, timeout_s: float) -> bool:
        """Wait until the signal is set, and reset it; False if `timeout_s` has passed."""
        if not self._is_set:
            loop = asyncio.get_running_loop()
            self._waiter = loop.create_future()
            timer = loop.call_later(timeout_s, self._wake)
            try:
                await self._waiter
            finally:
                timer.cancel()
                self._waiter = None
        was_set, self._is_set = self._is_set, False
        return was_set

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
