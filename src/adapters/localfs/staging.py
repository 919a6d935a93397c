"""Files on their way into the bucket."""

import errno
import os
import secrets
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from adapters.localfs.folder import BucketFolder
from adapters.localfs.transfer import Transfer
from domain.model.object_key import ObjectKey
from domain.ports.object_store import ObjectInfo

T = TypeVar("T")


class StagedObject:
    """A file under `incoming/` until it is published or discarded. All methods block.

    They exclude each other: a cancelled call leaves its thread running while another thread discards, and
    what was discarded must not be written again.
    """

    def __init__(self, folder: BucketFolder) -> None:
        self._folder = folder
        self._path = folder.incoming / secrets.token_hex(16)
        self._lock = threading.Lock()
        self._is_discarded = False

    def append(self, chunk: bytes | bytearray) -> None:
        """Write so many bytes more; none at all makes an empty file."""
        with self._usable(), self._path.open("ab") as file:
            file.write(chunk)

    def fill(self, source: Path, transfer: Transfer) -> None:
        """Take over a local file: as a second name for it where the file system can, else as a copy."""
        with self._usable(), source.open("rb") as file:
            if not link(source, self._path):
                with self._path.open("xb") as copy:
                    transfer.copy(file, copy)

    def publish(self, key: ObjectKey) -> ObjectInfo:
        """Let it appear under the key."""
        with self._usable():
            return self._folder.publish(self._path, key)

    def use(self, work: Callable[[Path], T]) -> T:
        """Do something with what was written so far, which is not discarded meanwhile."""
        with self._usable():
            return work(self._path)

    def discard(self) -> None:
        """Remove what is left; to be called on every way out.

        After publishing too: a rename between two names of one file does nothing and leaves both (POSIX).
        """
        with self._lock:
            self._is_discarded = True
            self._path.unlink(missing_ok=True)

    @contextmanager
    def _usable(self) -> Generator[None]:
        with self._lock:
            if self._is_discarded:
                raise FileNotFoundError(errno.ENOENT, "The staged file was discarded")
            self._folder.incoming.mkdir(parents=True, exist_ok=True)
            yield


def link(source: Path, target: Path) -> bool:
    """Give the file a second name; False where the file system can't, and a copy is needed."""
    try:
        os.link(source.resolve(), target)
    except OSError:  # Another file system, one without hard links, or too many of them.
        return False
    return True
