"""When periodic work was last begun, whoever began it."""

from abc import abstractmethod
from typing import Protocol


class ScheduleRepository(Protocol):
    """Periodic work by name, on the database's own clock."""

    @abstractmethod
    async def take_turn(self, name: str, *, every_s: float) -> bool:
        """Whether so many seconds have passed since this work was last begun; if so, it counts as begun now.

        Of all who ask at once, one is told that it is their turn.
        """
