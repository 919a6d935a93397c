"""A workspace whose disk is as full as a test says."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from domain.model.errors import Unavailable
from domain.ports.workspace import Workspace


class FakeWorkspace(Workspace):
    """Numbered folders under a test's own temporary folder; `free_bytes` may be changed at any time."""

    def __init__(self, root: Path, *, free_bytes: int = 1024**4) -> None:
        self.free_bytes = free_bytes
        self._root = root
        self._handed_out = 0

    @asynccontextmanager
    async def folder(self, *, needed_bytes: int) -> AsyncGenerator[Path]:
        """The next folder, if the pretended disk has room for it."""
        if needed_bytes > self.free_bytes:
            raise Unavailable(f"There are no {needed_bytes} bytes free to work in.", code="disk_full")
        self._handed_out += 1
        path = self._root / f"job-{self._handed_out}"
        path.mkdir(parents=True)
        try:
            yield path
        finally:
            with suppress(FileNotFoundError):
                shutil.rmtree(path)

    async def clear(self) -> None:
        """Remove every folder under the root."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._root)
