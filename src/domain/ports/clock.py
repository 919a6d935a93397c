"""Time, as something we need from outside."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of day, and waiting."""

    @abstractmethod
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    @abstractmethod
    async def sleep(self, delay_s: float) -> None:
        """Let others work for so many seconds."""
