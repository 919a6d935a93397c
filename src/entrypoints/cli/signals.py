"""How `dev`, `serve` and `worker` handle SIGTERM and Ctrl-C."""

import asyncio
import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """Records the first SIGTERM or Ctrl-C and calls a callback on the event loop; a second one exits at once.

    The signal raises no exception in running code, so that a start or a shutdown in progress completes, and everything
    that was opened is closed. The immediate exit is safe, because the service must survive SIGKILL anyway.
    """

    def __init__(self) -> None:
        self.is_stopping = False
        self._notify: Callable[[], object] = _ignore

    @contextmanager
    def listening(self) -> Generator[None]:
        """Handle the signals inside the block, and restore the previous handlers after it."""
        previous = {number: signal.signal(number, self._on_signal) for number in _STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    @contextmanager
    def notifying(self, stop: Callable[[], object]) -> Generator[None]:
        """Call `stop` on the running event loop when a signal arrives, or at once if one has arrived."""
        loop = asyncio.get_running_loop()
        self._notify = lambda: loop.call_soon_threadsafe(stop)
        if self.is_stopping:
            stop()
        try:
            yield
        finally:
            self._notify = _ignore

    async def wait(self) -> None:
        """Wait until a signal arrives."""
        arrived = asyncio.Event()
        with self.notifying(arrived.set):
            await arrived.wait()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.is_stopping:
            os._exit(128 + number)
        self.is_stopping = True
        self._notify()


def _ignore() -> None:
    """Do nothing: no event loop runs yet; `notifying` checks `is_stopping` when one starts."""
