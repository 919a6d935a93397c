"""The schedule of periodic work in memory."""

from datetime import timedelta

from adapters.fakes.tables import Tables
from domain.ports.clock import Clock
from domain.ports.schedule_repository import ScheduleRepository


class InMemoryScheduleRepository(ScheduleRepository):
    """The times at which work last started, in a dictionary."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def try_acquire(self, name: str, *, every_s: float) -> bool:
        now = self._clock.now()
        acquired_at = self._tables.schedule.get(name)
        if acquired_at is not None and now - acquired_at < timedelta(seconds=every_s):
            return False
        self._tables.schedule[name] = now
        return True
