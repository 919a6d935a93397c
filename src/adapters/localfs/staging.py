"""Files that are written before they are published as objects."""

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

    A lock excludes concurrent calls: a cancelled call leaves its thread running while another thread discards the
    file, which must not be written again then.
    """

    def __init__(self, folder: BucketFolder) -> None:
        self._folder = folder
        self._path = folder.incoming / secrets.token_hex(16)
        self._lock = threading.Lock()
        self._is_discarded = False

    def append(self, chunk: bytes | bytearray) -> None:
        """Append bytes; an empty chunk creates an empty file."""
        with self._usable(), self._path.open("ab") as file:
            file.write(chunk)

    def fill(self, source: Path, transfer: Transfer) -> None:
        """Fill it with a local file: by a hard link if the file system supports that, else by a copy."""
        with self._usable(), source.open("rb") as file:
            if not link(source, self._path):
                with self._path.open("xb") as copy:
                    transfer.copy(file, copy)

    def publish(self, key: ObjectKey) -> ObjectInfo:
        """Move it to the key."""
        with self._usable():
            return self._folder.publish(self._path, key)

    def call_with_path(self, work: Callable[[Path], T]) -> T:
        """Call `work` with the path; the file is not discarded during the call."""
        with self._usable():
            return work(self._path)

    def discard(self) -> None:
        """Remove the file; call it on every exit, also after publishing.

        A rename between two links to one file does nothing and leaves both (POSIX).
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
    """Create a hard link; False if the file system cannot, and a copy is needed."""
    try:
        os.link(source.resolve(), target)
    except OSError:  # Another file system, one without hard links, or too many of them.
        return False
    return True
