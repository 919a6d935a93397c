"""Delete old events from the log."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork

BATCH = 1000


@dataclass(frozen=True, slots=True)
class DeleteOldEvents:
    """Delete the events of the log that are older than the retention.

    - Events that have no position yet get one first, so that the log is deleted even where nothing reads it.
    - A stream that continues from before the log starts again with the current state.
    - As long as any webhook is enabled, events wait until they have been turned into deliveries, however old they are.
    - Events are deleted in short transactions, so that writers do not wait.
    """

    database: Database
    clock: Clock
    after_days: int

    async def __call__(self) -> int:
        """Delete them, and return how many there were."""
        while await self._settle() == BATCH:
            pass
        before, deleted, count = self._before(), 0, BATCH
        while count == BATCH:
            count = await self._delete(before)
            deleted += count
        return deleted

    async def count(self) -> int:
        """The number of events that would be deleted now."""
        async with self.database.read() as work:
            return await work.events.count_older(self._before(), through=await _read_by_webhooks(work))

    def _before(self) -> datetime:
        return self.clock.now() - timedelta(days=self.after_days)

    async def _settle(self) -> int:
        async with self.database.write() as work:
            return await work.events.settle(limit=BATCH)

    async def _delete(self, before: datetime) -> int:
        async with self.database.write() as work:
            return await work.events.delete_older(before, limit=BATCH, through=await _read_by_webhooks(work))


async def _read_by_webhooks(work: UnitOfWork) -> int | None:
    """The position up to which events have become deliveries; None if no webhook wants any."""
    return await work.webhook_deliveries.position() if await work.webhook_endpoints.any_enabled() else None
