"""A file and an address that nothing may open, and how often something did."""

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
_EVENT_BYTES = 16  # Of a file: watch, kind, cookie, and the length of a name that is not there.


@dataclass
class Canary:
    """The bait; the kernel notes who takes it, until somebody asks."""

    bait: Bait
    _notices: int
    _listener: socket.socket
    _opens: int = 0
    _connections: int = 0

    @property
    def opens(self) -> int:
        """How often the file was opened so far."""
        with suppress(BlockingIOError):
            while os.read(self._notices, _EVENT_BYTES):
                self._opens += 1
        return self._opens

    @property
    def connections(self) -> int:
        """How often somebody came to the address so far."""
        with suppress(BlockingIOError):
            while True:
                self._listener.accept()[0].close()
                self._connections += 1
        return self._connections


@contextmanager
def watched_canary(folder: Path) -> Generator[Canary]:
    """A canary in this folder, watched inside the block."""
    file = folder / "neighbour.txt"
    file.write_text(f"{SECRET}-{uuid4().hex}\n" * 50)
    notices = _notices_of_opening(file)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0)
            yield Canary(Bait(file, f"http://127.0.0.1:{listener.getsockname()[1]}"), notices, listener)
    finally:
        os.close(notices)


def _notices_of_opening(file: Path) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    notices = int(libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
    if notices < 0 or libc.inotify_add_watch(notices, os.fsencode(file), _IN_OPEN) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    return notices
