"""Cancelled transactions on SQLite, which has one write lock for all connections."""

import asyncio
import gc
import random
from collections.abc import Generator
from pathlib import Path

import pytest

from adapters.sql.database import sqlite_database
from domain.ports.database import Database
from tests.services.sqlite import migrated_in
from tests.support.builders import OWNER

pytestmark = pytest.mark.anyio


@pytest.fixture
def uncollected() -> Generator[None]:
    """No garbage is collected, so that a connection that only its exception refers to stays."""
    gc.disable()
    yield
    gc.enable()


async def _write(database: Database) -> None:
    async with database.write() as work:
        await work.schedule.try_acquire("first", every_s=0.0)
        await work.videos.page(OWNER, limit=1)


@pytest.mark.usefixtures("uncollected")
async def test_a_write_that_is_cancelled_at_any_moment_leaves_no_lock(tmp_path: Path) -> None:
    """Also while it begins or commits, and twice; with a lock left, the next write would fail after its time limit."""
    dice = random.Random(1)
    async with sqlite_database(migrated_in(tmp_path)) as database:
        for _ in range(150):
            writing = [asyncio.create_task(_write(database)) for _ in range(dice.choice((1, 2, 4)))]
            for pause_s in (0.004, 0.001):
                await asyncio.sleep(dice.random() * pause_s)
                for task in writing:
                    task.cancel()
            found = await asyncio.gather(*writing, return_exceptions=True)
            assert all(each is None or isinstance(each, asyncio.CancelledError) for each in found), found
            async with database.write() as work:
                assert await work.schedule.try_acquire("second", every_s=0.0)
