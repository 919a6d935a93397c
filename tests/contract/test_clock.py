"""The contract of every clock."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.fakes.clock import START, FakeClock
from adapters.system.clock import SystemClock
from domain.ports.clock import Clock

pytestmark = pytest.mark.anyio

CLOCKS: dict[str, type[SystemClock] | type[FakeClock]] = {"fake": FakeClock, "system": SystemClock}
SHORT_S = 0.01


@pytest.fixture(params=CLOCKS)
async def clock(request: pytest.FixtureRequest) -> AsyncGenerator[Clock]:
    """Each clock in turn; no sleeping call may be left."""
    tasks_before = len(asyncio.all_tasks())
    yield FakeClock(auto=True) if request.param == "fake" else SystemClock()
    assert len(asyncio.all_tasks()) == tasks_before


async def test_now_is_aware_and_in_utc(clock: Clock) -> None:
    """The domain uses no time without a zone."""
    assert clock.now().tzinfo is UTC


async def test_now_does_not_go_backwards(clock: Clock) -> None:
    """A later call returns the same time or a later one."""
    assert clock.now() <= clock.now()


async def test_sleep_takes_at_least_its_time(clock: Clock) -> None:
    """Afterwards at least the given time has passed."""
    before = clock.now()
    await clock.sleep(SHORT_S)
    assert clock.now() - before >= timedelta(seconds=SHORT_S) * 0.9


@pytest.mark.parametrize("delay_s", [0.0, -1.0])
async def test_sleeping_no_time_is_fine(clock: Clock, delay_s: float) -> None:
    """A delay of zero or less does not wait."""
    await clock.sleep(delay_s)


async def test_sleep_yields_to_other_tasks(clock: Clock) -> None:
    """Even the shortest sleep yields to the event loop."""
    worked: list[str] = []

    async def other() -> None:
        worked.append("other")

    task = asyncio.ensure_future(other())
    await clock.sleep(0)
    await task
    assert worked == ["other"]


async def test_a_sleeper_can_be_cancelled(clock: Clock) -> None:
    """It wakes at once, and the cancellation is raised."""
    sleeper = asyncio.ensure_future(clock.sleep(0))
    sleeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeper


async def test_the_system_clock_is_that_of_the_machine() -> None:
    """It agrees with the machine's clock."""
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


async def test_the_fake_stands_still_until_it_is_moved() -> None:
    """A sleep ends when the test has advanced the time far enough, and not before."""
    clock = FakeClock()
    sleeper = asyncio.ensure_future(clock.sleep(10))
    await clock.wait_for_sleepers()
    clock.advance(9)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(1)
    await sleeper
    assert (clock.now(), clock.sleepers) == (START + timedelta(seconds=10), 0)


async def test_the_fake_forgets_a_cancelled_sleeper() -> None:
    """Advancing the time later does not wake it."""
    clock = FakeClock()
    sleeper = asyncio.ensure_future(clock.sleep(10))
    await clock.wait_for_sleepers()
    sleeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeper
    clock.advance(20)
    assert clock.sleepers == 0
