"""The usage of users in SQL."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Integer,
    RowMapping,
    Select,
    Text,
    Update,
    bindparam,
    case,
    cast,
    func,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import Insert

from adapters.sql.tables import usage, videos
from adapters.sql.usage_changes import UsageChanges
from domain.model.access.quota import Footprint, Usage
from domain.model.ids import UserId
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.usage_repository import UsageRepository

_NO_CHANGE = Footprint(0, 0, 0, date.min)

# Built once: SQLAlchemy takes longer to build a statement than the database takes to run it.
_GET = select(usage).where(usage.c.owner.in_(bindparam("owners", expanding=True)))


class SqlUsageRepository(UsageRepository):
    """One row per user, updated by one statement however many of the user's videos have changed.

    A transaction locks these rows last, after jobs and videos, and always in the same order, to avoid deadlocks.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.changes = UsageChanges()

    async def lock(self, *owners: UserId) -> dict[UserId, Usage]:
        await self.write_changes(*owners)
        rows = (await self._connection.execute(_GET, {"owners": owners})).mappings()
        return {row["owner"]: _usage(row) for row in rows}

    async def recount(self, *, after: UserId | None = None) -> UserId | None:
        owner: UserId | None = (await self._connection.execute(_next(after))).scalar_one_or_none()
        if owner is not None:
            # The row is locked before counting: a transaction that changes a video now adds its change to our result.
            await self.write_changes(owner)
            await self._connection.execute(_recount_statement(self._connection.dialect.name), {"recounted": owner})
        return owner

    async def write_changes(self, *locked: UserId) -> None:
        """Write the changes, and lock the rows of these users even if nothing has changed."""
        changes = self.changes.pop()
        unchanged = set(locked) - {owner for owner, _ in changes}
        # A change of zero creates a missing row and locks an existing one.
        changes |= {(owner, date.min): _NO_CHANGE for owner in unchanged}
        if changes:
            ordered = [_row(owner, changes[owner, day]) for owner, day in sorted(changes)]
            await self._connection.execute(_change_statement(self._connection.dialect.name), ordered)


def _row(owner: UserId, change: Footprint) -> dict[str, Any]:
    return {
        "owner": owner,
        "videos_in_flight": change.videos_in_flight,
        "stored_bytes": change.stored_bytes,
        "uploads_change": change.uploads,
        "day": change.day,
        "completed": change.completed,
        "failed": change.failed,
    }


def _usage(row: RowMapping) -> Usage:
    return Usage(
        row["videos_in_flight"], row["stored_bytes"], row["uploads"], row["day"], row["completed"], row["failed"]
    )


def _next(after: UserId | None) -> Select[Any]:
    """The first user after this one who has or had videos."""
    known = union_all(
        *(
            select(func.min(table.c.owner).label("owner")).where(true() if after is None else table.c.owner > after)
            for table in (videos, usage)
        )
    ).subquery()
    return select(func.min(known.c.owner))


@cache
def _recount_statement(dialect: str) -> Update:
    """The sums of `footprint_of`. A closed upload is recognised by how the JSON of its failure begins.

    Videos that ended are counted in the index of owner and status.
    """
    played = cast(videos.c.publication, Text)
    played_bytes = (
        cast(func.json_extract_path_text(cast(played, JSON), "size_bytes"), BigInteger)
        if dialect == "postgresql"
        else func.json_extract(played, "$.size_bytes")
    )
    in_flight = case(
        (videos.c.status.in_([status.value for status in VideoStatus if not status.is_terminal]), 1), else_=0
    )
    is_closed = func.coalesce(cast(videos.c.failure, Text), "").like('{"stage":"upload",%')
    owner = bindparam("recounted", type_=usage.c.owner.type)
    counted = select(
        func.coalesce(func.sum(in_flight), 0),
        func.coalesce(func.sum(func.coalesce(played_bytes, videos.c.size_bytes)), 0),
    ).where(videos.c.owner == owner, ~is_closed)
    sums = [counted.with_only_columns(column).scalar_subquery() for column in counted.selected_columns]
    ended = {
        status.value: select(func.count()).where(videos.c.owner == owner, videos.c.status == status).scalar_subquery()
        for status in (VideoStatus.COMPLETED, VideoStatus.FAILED)
    }
    return update(usage).where(usage.c.owner == owner).values(videos_in_flight=sums[0], stored_bytes=sums[1], **ended)


@cache
def _change_statement(dialect: str) -> Insert:
    """The rule of `Usage.plus`, for a new row and for an existing one."""
    inserting = postgresql.insert(usage) if dialect == "postgresql" else sqlite.insert(usage)
    change = bindparam("uploads_change", type_=Integer)
    adding = inserting.values(uploads=case((change > 0, change), else_=0))
    new = adding.excluded
    return adding.on_conflict_do_update(
        index_elements=[usage.c.owner],
        set_={
            "videos_in_flight": usage.c.videos_in_flight + new.videos_in_flight,
            "stored_bytes": usage.c.stored_bytes + new.stored_bytes,
            "completed": usage.c.completed + new.completed,
            "failed": usage.c.failed + new.failed,
            "uploads": case(
                (new.day > usage.c.day, new.uploads),
                (new.day == usage.c.day, usage.c.uploads + change),
                else_=usage.c.uploads,
            ),
            "day": case((new.day > usage.c.day, new.day), else_=usage.c.day),
        },
    )
