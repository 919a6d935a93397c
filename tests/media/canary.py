"""A file and a URL that nothing may open, with counters of accesses."""

import ctypes
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.media.lures import Bait

SECRET = "telecine-canary"

_IN_OPEN = 0x20
_EVENT_BYTES = 16  # An inotify event of a watched file: watch, mask, cookie and name length, without a name.


@dataclass
class Canary:
    """The file and the URL; the kernel queues each access until a counter is read."""

    bait: Bait
    _events: int
    _listener: socket.socket
    _opens: int = 0
    _connections: int = 0

    @property
    def opens(self) -> int:
        """How often the file has been opened."""
        with suppress(BlockingIOError):
            while os.read(self._events, _EVENT_BYTES):
                self._opens += 1
        return self._opens

    @property
    def connections(self) -> int:
        """How often a client has connected to the address."""
        with suppress(BlockingIOError):
            while True:
                self._listener.accept()[0].close()
                self._connections += 1
        return self._connections


@contextmanager
def watched_canary(folder: Path) -> Generator[Canary]:
    """Create a canary in this folder, and watch it inside the block."""
    file = folder / "neighbour.txt"
    file.write_text(f"{SECRET}-{uuid4().hex}\n" * 50)
    events = _watch_opens(file)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0)
            yield Canary(Bait(file, f"http://127.0.0.1:{listener.getsockname()[1]}"), events, listener)
    finally:
        os.close(events)


def _watch_opens(file: Path) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    events = int(libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
    if events < 0 or libc.inotify_add_watch(events, os.fsencode(file), _IN_OPEN) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    return events
