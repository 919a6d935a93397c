"""When each kind of periodic work last started, in any process."""

from abc import abstractmethod
from typing import Protocol


class ScheduleRepository(Protocol):
    """Periodic work by name, timed by the database's clock."""

    @abstractmethod
    async def try_acquire(self, name: str, *, every_s: float) -> bool:
        """Whether `every_s` has passed since this work last started; if so, record that it starts now.

        Of several concurrent callers, exactly one gets True.
        """
