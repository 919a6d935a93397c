"""What every schedule must do."""

import pytest

from domain.ports.database import Database

pytestmark = pytest.mark.anyio


async def _take_turn(database: Database, name: str = "sweep", *, every_s: float) -> bool:
    async with database.write() as work:
        return await work.schedule.take_turn(name, every_s=every_s)


async def test_the_first_who_asks_has_the_turn(database: Database) -> None:
    """Whoever asks again before the time has passed has not, and does not put the next turn off."""
    assert await _take_turn(database, every_s=3600)
    assert not await _take_turn(database, every_s=3600)
    assert not await _take_turn(database, every_s=60)


async def test_when_the_time_has_passed_the_next_turn_has_come(database: Database) -> None:
    """A turn counts from the moment at which it was taken."""
    assert await _take_turn(database, every_s=3600)
    assert await _take_turn(database, every_s=0)
    assert not await _take_turn(database, every_s=3600)


async def test_each_work_has_turns_of_its_own(database: Database) -> None:
    """One that was begun says nothing of another."""
    assert await _take_turn(database, "sweep", every_s=3600)
    assert await _take_turn(database, "orphans", every_s=3600)


async def test_a_turn_that_was_taken_back_is_there_again(database: Database) -> None:
    """It is taken in the transaction: whoever fails before it commits has not begun."""

    async def begin_and_break() -> None:
        async with database.write() as work:
            assert await work.schedule.take_turn("sweep", every_s=3600)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await begin_and_break()
    assert await _take_turn(database, every_s=3600)
