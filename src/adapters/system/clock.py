"""The Clock port by the machine's own clock."""

import asyncio
from datetime import UTC, datetime

from domain.ports.clock import Clock


class SystemClock(Clock):
    """The time of this machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, delay_s: float) -> None:
        """Let the event loop go on with others."""
        await asyncio.sleep(delay_s)
