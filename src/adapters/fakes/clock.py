"""A clock that the test controls."""

import asyncio
from datetime import UTC, datetime, timedelta

from domain.ports.clock import Clock

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class FakeClock(Clock):
    """Time stands still until the test advances it; with `auto`, every sleep advances it."""

    def __init__(self, now: datetime = START, *, auto: bool = False) -> None:
        self._now = now
        self._auto = auto
        self._sleepers: dict[asyncio.Future[None], datetime] = {}
        self._fell_asleep = asyncio.Event()

    @property
    def sleepers(self) -> int:
        """The number of calls that sleep now."""
        return len(self._sleepers)

    def now(self) -> datetime:
        return self._now

    async def sleep(self, delay_s: float) -> None:
        """Wait until the test has advanced time far enough; other tasks always get a turn to run."""
        wakes_at = self._now + timedelta(seconds=max(0.0, delay_s))
        if self._auto:
            self._now = max(self._now, wakes_at)
        await asyncio.sleep(0)
        if self._now < wakes_at:
            await self._woken_at(wakes_at)

    async def wait_for_sleepers(self, count: int = 1) -> None:
        """Return when at least `count` calls sleep, so that a test can advance time at the right moment."""
        while self.sleepers < count:
            self._fell_asleep.clear()
            await self._fell_asleep.wait()

    def advance(self, delay_s: float) -> None:
        """Advance time and wake the calls that have slept long enough, the earliest first."""
        self._now += timedelta(seconds=delay_s)
        for sleeper, wakes_at in sorted(self._sleepers.items(), key=lambda entry: entry[1]):
            if wakes_at <= self._now and not sleeper.done():
                sleeper.set_result(None)

    async def _woken_at(self, wakes_at: datetime) -> None:
        sleeper = asyncio.get_running_loop().create_future()
        self._sleepers[sleeper] = wakes_at
        self._fell_asleep.set()
        try:
            await sleeper
        finally:
            del self._sleepers[sleeper]
