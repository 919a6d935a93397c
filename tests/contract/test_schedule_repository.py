"""The contract of every schedule repository."""

import pytest

from domain.ports.database import Database

pytestmark = pytest.mark.anyio


async def _take_turn(database: Database, name: str = "sweep", *, every_s: float) -> bool:
    async with database.write() as work:
        return await work.schedule.try_acquire(name, every_s=every_s)


async def test_the_first_caller_gets_the_turn(database: Database) -> None:
    """A call before the interval has passed gets no turn, and does not postpone the next one."""
    assert await _take_turn(database, every_s=3600)
    assert not await _take_turn(database, every_s=3600)
    assert not await _take_turn(database, every_s=60)


async def test_the_next_turn_comes_after_the_interval(database: Database) -> None:
    """The interval counts from the time at which the turn was taken."""
    assert await _take_turn(database, every_s=3600)
    assert await _take_turn(database, every_s=0)
    assert not await _take_turn(database, every_s=3600)


async def test_each_name_has_its_own_turns(database: Database) -> None:
    """Different names do not affect each other."""
    assert await _take_turn(database, "sweep", every_s=3600)
    assert await _take_turn(database, "orphans", every_s=3600)


async def test_a_turn_is_available_again_after_a_rollback(database: Database) -> None:
    """The turn belongs to the transaction: after a rollback it is available again."""

    async def begin_and_break() -> None:
        async with database.write() as work:
            assert await work.schedule.try_acquire("sweep", every_s=3600)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await begin_and_break()
    assert await _take_turn(database, every_s=3600)
