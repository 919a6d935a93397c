"""Delete old deliveries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ports.clock import Clock
from domain.ports.database import Database

BATCH = 1000


@dataclass(frozen=True, slots=True)
class ExpireDeliveries:
    """Delete deliveries that are older than `keep_days`, unless they are pending."""

    database: Database
    clock: Clock
    keep_days: int

    async def __call__(self) -> int:
        """Delete them in batches, each in its own transaction, and return their number."""
        before, deleted = self._before(), 0
        while True:
            async with self.database.write() as work:
                batch = await work.webhook_deliveries.delete_before(before, limit=BATCH)
            deleted += batch
            if batch < BATCH:
                return deleted

    async def count(self) -> int:
        """The number of deliveries that would be deleted now."""
        async with self.database.read() as work:
            return await work.webhook_deliveries.count_before(self._before())

    def _before(self) -> datetime:
        return self.clock.now() - timedelta(days=self.keep_days)
