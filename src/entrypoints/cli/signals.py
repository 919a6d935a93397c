"""Being told to stop: what SIGTERM and Ctrl-C do to a command that serves."""

import asyncio
import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """Notes the first SIGTERM or Ctrl-C, and tells whoever runs an event loop; a second one ends the process at once.

    Nothing is raised into code that happens to run: a start or an end that is under way comes to its end, so what
    was opened is always closed. Being in a hurry loses nothing, since being killed must not either.
    """

    def __init__(self) -> None:
        self.is_told = False
        self._tell: Callable[[], object] = _tell_nobody

    @contextmanager
    def listening(self) -> Generator[None]:
        """Take the signals inside the block."""
        previous = {number: signal.signal(number, self._take) for number in _STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    @contextmanager
    def telling(self, stop: Callable[[], object]) -> Generator[None]:
        """Have this called on the running event loop when the signal comes, or at once if it has come."""
        loop = asyncio.get_running_loop()
        self._tell = lambda: loop.call_soon_threadsafe(stop)
        if self.is_told:
            stop()
        try:
            yield
        finally:
            self._tell = _tell_nobody

    async def wait(self) -> None:
        """Wait until the signal comes."""
        told = asyncio.Event()
        with self.telling(told.set):
            await told.wait()

    def _take(self, number: int, _frame: FrameType | None) -> None:
        if self.is_told:
            os._exit(128 + number)
        self.is_told = True
        self._tell()


def _tell_nobody() -> None:
    """Whoever starts later looks for itself."""
