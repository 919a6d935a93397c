"""Waits for a state of the locks on a Postgres server."""

import asyncio

from sqlalchemy import text

from adapters.sql.database import SqlDatabase


async def one_waits(database: SqlDatabase) -> None:
    """Return as soon as a transaction waits for a row that another one has locked."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    while True:
        async with database._reader.connect() as connection:
            if await connection.scalar(waiting):
                return
        await asyncio.sleep(0.01)
