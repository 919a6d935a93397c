"""The current time and waiting."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Returns the current time and waits."""

    @abstractmethod
    def now(self) -> datetime:
        """The current time, timezone-aware, in UTC."""

    @abstractmethod
    async def sleep(self, delay_s: float) -> None:
        """Wait `delay_s` without blocking the event loop."""
