"""The schedule of periodic work in SQL."""

from functools import cache
from typing import Any

from sqlalchemy import Float, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from adapters.sql.columns import db_now
from adapters.sql.tables import schedule
from domain.ports.schedule_repository import ScheduleRepository


class SqlScheduleRepository(ScheduleRepository):
    """One row per kind of work, claimed by one conditional statement on the database's clock."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def try_acquire(self, name: str, *, every_s: float) -> bool:
        claim = _claim(self._connection.dialect.name)
        row = {"name": name, "since_s": -every_s}
        return (await self._connection.execute(claim, row)).one_or_none() is not None


@cache
def _claim(dialect: str) -> ReturningInsert[Any]:
    inserting = postgresql.insert(schedule) if dialect == "postgresql" else sqlite.insert(schedule)
    return (
        inserting.values(begun_at=db_now())
        .on_conflict_do_update(
            index_elements=[schedule.c.name],
            set_={"begun_at": db_now()},
            where=schedule.c.begun_at <= db_now(bindparam("since_s", type_=Float)),
        )
        .returning(schedule.c.name)
    )
