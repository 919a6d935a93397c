"""Get the numbers of the installation."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.model.operations.overview import (
    MINUTES,
    MinuteCounts,
    QueueDepth,
    VideoTotals,
    last_hour,
    minute_of,
    queue_depths,
)
from domain.ports.clock import Clock
from domain.ports.database import Database

SETTLED_AFTER = timedelta(minutes=2)
"""An event is stored at the latest this long after its time, so that the counts of earlier minutes are final."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers of one moment."""

    queues: tuple[QueueDepth, ...]
    videos: VideoTotals
    last_hour: tuple[MinuteCounts, ...]


@dataclass(frozen=True, slots=True)
class GetOverview:
    """Get the state of the installation: versions, queues, videos by status, storage, and the last hour by minutes.

    - An interface may poll it: its cost does not grow with the number of videos. Ended videos and bytes are sums that
      each user's usage keeps, and videos and jobs in progress are counted in indexes of those in progress.
    - Of each kind of job, up to 10,000 queued ones are counted.
    - A past minute of the last hour is counted once per server, and then remembered.
    """

    database: Database
    clock: Clock
    _counted: dict[datetime, MinuteCounts] = field(default_factory=dict[datetime, MinuteCounts])

    async def __call__(self) -> Overview:
        """Read the numbers."""
        now = self.clock.now()
        oldest = minute_of(now) - timedelta(minutes=MINUTES - 1)
        since = max(oldest, max(self._counted) + timedelta(minutes=1)) if self._counted else oldest
        async with self.database.read() as work:
            queues = queue_depths(await work.operations.depths(), now=await work.operations.now())
            totals = await work.operations.totals()
            recent = {minute.at: minute for minute in await work.operations.minutes(since=since)}
        counted = self._counted | recent
        self._remember(counted, oldest=oldest, final_before=minute_of(now - SETTLED_AFTER))
        return Overview(queues, totals, last_hour(counted, now=now))

    def _remember(self, counted: dict[datetime, MinuteCounts], *, oldest: datetime, final_before: datetime) -> None:
        """Keep the minutes of the last hour whose counts are final, with one for the newest of them."""
        newest = final_before - timedelta(minutes=1)
        final = {at: minute for at, minute in counted.items() if oldest <= at < final_before}
        self._counted.clear()
        self._counted.update({newest: MinuteCounts(newest)} | final)
