"""Room on the local disk for one attempt at a job."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol


class Workspace(Protocol):
    """Hands out empty folders and takes them back, whatever happened inside."""

    @abstractmethod
    def folder(self, *, needed_bytes: int) -> AbstractAsyncContextManager[Path]:
        """An empty folder of one's own with so much space free; it is gone when the block ends.

        Raises:
            Unavailable: `disk_full`, retryable: there is not enough space now.
        """

    @abstractmethod
    async def clear(self) -> None:
        """Remove what processes that were killed left behind. Only for who is alone with the workspace."""
