"""Long copies in a thread, which report their progress and stop when their caller is cancelled."""

import asyncio
import os
import threading
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from adapters.aio.uncancelled import finish_in_thread
from domain.ports.progress import OnProgress

_CHUNK_BYTES = 1024 * 1024

T = TypeVar("T")


class Transfer:
    """Connects a copying thread with the event loop that waits for it: progress and cancellation."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_progress = on_progress
        self._is_cancelled = threading.Event()

    async def run(self, work: Callable[["Transfer"], T]) -> T:
        """Do the work in a thread; a cancelled caller waits until the thread has stopped and cleaned up."""
        result = await finish_in_thread(lambda: work(self), on_cancel=self._is_cancelled.set)
        self._on_progress(100.0)
        return result

    def copy(self, source: BinaryIO, target: BinaryIO) -> None:
        """Copy all of an open file; call it in the thread of `run`."""
        size_bytes = os.fstat(source.fileno()).st_size
        while chunk := source.read(_CHUNK_BYTES):
            if self._is_cancelled.is_set():
                raise InterruptedError
            target.write(chunk)
            percent = min(100.0, 100 * source.tell() / size_bytes)
            self._loop.call_soon_threadsafe(self._on_progress, percent)
