"""Space on the local disk for one attempt at a job."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol


class Workspace(Protocol):
    """Provides empty folders and removes them afterwards, also after an error."""

    @abstractmethod
    def folder(self, *, needed_bytes: int) -> AbstractAsyncContextManager[Path]:
        """An empty folder for one caller, with `needed_bytes` free on its disk; it is removed when the block ends.

        Raises:
            Unavailable: `disk_full`, retryable: there is not enough free space now.
        """

    @abstractmethod
    async def clear(self) -> None:
        """Remove the folders of processes that were killed. Call it only when no other process uses the workspace."""
