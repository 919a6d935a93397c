"""The Clock port, with the clock of this machine."""

import asyncio
from datetime import UTC, datetime

from domain.ports.clock import Clock


class SystemClock(Clock):
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
