"""The Workspace port, with folders on the local disk."""

import errno
import shutil
import threading
import uuid
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from adapters.aio.uncancelled import finish_in_thread
from adapters.sandbox.folder_usage import remove_folder
from domain.model.errors import Unavailable
from domain.ports.workspace import Workspace

RESERVE_BYTES = 1024**3

_PREFIX = "job-"
_FULL = {errno.ENOSPC, errno.EDQUOT}


class LocalWorkspace(Workspace):
    """Folders under one root, readable only by this user; `reserve_bytes` of the disk stay free."""

    def __init__(self, root: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self._root = root
        self._reserve_bytes = reserve_bytes
        self._promised_bytes: dict[Path, int] = {}
        self._lock = threading.Lock()

    @asynccontextmanager
    async def folder(self, *, needed_bytes: int) -> AsyncGenerator[Path]:
        """A new folder; space that is promised to other folders and not used yet does not count as free."""
        # The name is chosen first, so that the folder can be removed even if creating it fails.
        path = self._root / f"{_PREFIX}{uuid.uuid4()}"
        try:
            await finish_in_thread(lambda: self._make(path, needed_bytes))
            yield path
        finally:
            await finish_in_thread(lambda: self._remove(path))

    async def clear(self) -> None:
        await finish_in_thread(self._clear)

    def _make(self, path: Path, needed_bytes: int) -> None:
        with self._lock, _translated():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._free_bytes() < needed_bytes + self._reserve_bytes:
                raise Unavailable(f"The workspace cannot hold {needed_bytes} more bytes.", code="disk_full")
            path.mkdir(mode=0o700)
            self._promised_bytes[path] = needed_bytes

    def _free_bytes(self) -> int:
        unused_bytes = sum(max(0, promised - _used_bytes(path)) for path, promised in self._promised_bytes.items())
        return shutil.disk_usage(self._root).free - unused_bytes

    def _remove(self, path: Path) -> None:
        try:
            with _translated(), suppress(FileNotFoundError):
                remove_folder(path)
        finally:
            # What could not be removed occupies the disk, and is no longer promised.
            with self._lock:
                self._promised_bytes.pop(path, None)

    def _clear(self) -> None:
        for path in self._root.glob(f"{_PREFIX}*"):
            self._remove(path)


def _used_bytes(folder: Path) -> int:
    used_bytes = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # It was removed after it was listed.
            used_bytes += path.lstat().st_size
    return used_bytes


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except OSError as error:
        code = "disk_full" if error.errno in _FULL else "workspace_unavailable"
        raise Unavailable(f"The workspace cannot be used: {error.strerror}.", code=code) from error
