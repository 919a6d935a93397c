"""A workspace with a simulated amount of free disk space."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from domain.model.errors import Unavailable
from domain.ports.workspace import Workspace


class FakeWorkspace(Workspace):
    """Numbered folders under a temporary folder of the test; a test may change `free_bytes` at any time."""

    def __init__(self, root: Path, *, free_bytes: int = 1024**4) -> None:
        self.free_bytes = free_bytes
        self._root = root
        self._open_folders = 0

    @asynccontextmanager
    async def folder(self, *, needed_bytes: int) -> AsyncGenerator[Path]:
        if needed_bytes > self.free_bytes:
            raise Unavailable(f"The workspace cannot hold {needed_bytes} more bytes.", code="disk_full")
        self._open_folders += 1
        path = self._root / f"job-{self._open_folders}"
        path.mkdir(parents=True)
        try:
            yield path
        finally:
            with suppress(FileNotFoundError):
                shutil.rmtree(path)

    async def clear(self) -> None:
        with suppress(FileNotFoundError):
            shutil.rmtree(self._root)
