"""What an operator reads, in SQL: every query walks a partial index, or the rows of the users' usage."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    RowMapping,
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.columns import UtcDateTime, db_now
from adapters.sql.job_rows import job_of, known_kind
from adapters.sql.tables import events, jobs, usage, videos
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind
from domain.model.operations.overview import MAX_COUNTED_JOBS, KindDepth, MinuteCounts, VideoTotals
from domain.model.operations.user_usage import UserCursor, UserUsage
from domain.model.videos.events import EventType
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.pagination import Cursor
from domain.ports.operations_repository import OperationsRepository

# Literals, not parameters: with a parameter, Postgres cannot know that a partial index on these states applies.
_QUEUED: ColumnElement[str] = literal_column(f"'{JobState.QUEUED}'")
_RUNNING: ColumnElement[str] = literal_column(f"'{JobState.RUNNING}'")

_COUNTED = {
    EventType.VIDEO_COMPLETED: "completed",
    EventType.VIDEO_FAILED: "failed",
    EventType.IMPORT_FAILED: "failed",
    EventType.UPLOAD_COMPLETED: "uploaded",
}
_VIDEOS = usage.c.videos_in_flight + usage.c.completed + usage.c.failed

# Built once: SQLAlchemy takes longer to build a statement than the database takes to run it.
_RUNNING_BY_KIND = (
    select(jobs.c.kind.label("name"), func.count().label("number"))
    .where(jobs.c.state == _RUNNING)
    .group_by(jobs.c.kind)
)
_SUMS = select(
    *(
        func.coalesce(func.sum(column), 0).label(column.name)
        for column in (usage.c.videos_in_flight, usage.c.completed, usage.c.failed, usage.c.stored_bytes)
    )
)
_UPLOADING_BY_OWNER = (
    select(videos.c.owner.label("name"), func.count().label("number"))
    .where(videos.c.status == VideoStatus.UPLOADING, videos.c.owner.in_(bindparam("owners", expanding=True)))
    .group_by(videos.c.owner)
)


class SqlOperationsRepository(OperationsRepository):
    """Reads that cost the same with a thousand ended videos and jobs as with a million."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def now(self) -> datetime:
        return (await self._connection.execute(select(db_now()))).scalar_one()

    async def depths(self) -> list[KindDepth]:
        running = _counts((await self._connection.execute(_RUNNING_BY_KIND)).mappings())
        rows = (await self._connection.execute(_queued_by_kind())).mappings()
        return [
            KindDepth(
                JobKind(row["kind"]),
                row["waiting"],
                row["due"],
                running=running.get(row["kind"], 0),
                oldest_due_at=row["oldest_at"] if row["due"] else None,
            )
            for row in rows
        ]

    async def jobs(self, state: JobState, *, limit: int, after: Cursor | None = None) -> list[Job]:
        query = _queued_jobs(after, limit) if state is JobState.QUEUED else _jobs(state, after, limit)
        return [job_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def totals(self) -> VideoTotals:
        sums = (await self._connection.execute(_SUMS)).mappings().one()
        counts = (await self._connection.execute(_in_progress())).mappings().one()
        uploading, processing = int(counts["uploading"]), int(counts["processing"])
        return VideoTotals(
            uploading=uploading,
            uploaded=max(0, int(sums["videos_in_flight"]) - uploading - processing),
            processing=processing,
            completed=int(sums["completed"]),
            failed=int(sums["failed"]),
            stored_bytes=int(sums["stored_bytes"]),
        )

    async def users(self, *, limit: int, after: UserCursor | None = None) -> list[UserUsage]:
        query = select(usage.c.owner, _VIDEOS.label("videos"), usage.c.stored_bytes).where(_VIDEOS > 0)
        if after is not None:
            fewer_bytes = usage.c.stored_bytes < after.stored_bytes
            same_bytes = and_(usage.c.stored_bytes == after.stored_bytes, usage.c.owner > after.user_id)
            query = query.where(or_(fewer_bytes, same_bytes))
        query = query.order_by(usage.c.stored_bytes.desc(), usage.c.owner).limit(limit)
        rows = (await self._connection.execute(query)).mappings().all()
        counted = await self._connection.execute(_UPLOADING_BY_OWNER, {"owners": [row["owner"] for row in rows]})
        uploading = _counts(counted.mappings())
        return [
            UserUsage(row["owner"], row["videos"], row["stored_bytes"], uploading.get(row["owner"], 0)) for row in rows
        ]

    async def minutes(self, *, since: datetime) -> list[MinuteCounts]:
        rows = await self._connection.execute(_minutes(self._connection.dialect.name), {"since": since})
        counted: dict[datetime, dict[str, int]] = {}
        for row in rows.mappings():
            of_minute = counted.setdefault(row["at"], {})
            field = _COUNTED[EventType(row["type"])]
            of_minute[field] = of_minute.get(field, 0) + int(row["number"])
        return [MinuteCounts(at, **counted[at]) for at in sorted(counted)]


def _counts(rows: Iterable[RowMapping]) -> dict[str, int]:
    """Rows of a name and a number, as a mapping."""
    return {row["name"]: row["number"] for row in rows}


@cache
def _queued_by_kind() -> CompoundSelect[Any]:
    """The queued jobs of each kind: their number, the number of due ones, and the earliest time."""
    return union_all(*(_queued_of_kind(kind) for kind in JobKind))


def _queued_of_kind(kind: JobKind) -> Select[*tuple[Any, ...]]:
    ours = and_(jobs.c.state == _QUEUED, jobs.c.kind == kind.value)

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        some = select(jobs.c.id).where(condition).limit(MAX_COUNTED_JOBS).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    oldest = select(func.min(jobs.c.run_after)).where(ours).scalar_subquery()
    return select(
        literal(kind.value).label("kind"),
        number(ours).label("waiting"),
        number(and_(ours, jobs.c.run_after <= db_now())).label("due"),
        oldest.label("oldest_at"),
    )


def _jobs(state: JobState, after: Cursor | None, limit: int) -> Select[Any]:
    is_dead = state is JobState.DEAD
    place = (jobs.c.run_after, jobs.c.id)
    query = select(jobs).where(jobs.c.state == literal_column(f"'{state}'"), known_kind())
    if after is not None:
        position = tuple_(after.created_at, after.video_id)
        query = query.where(tuple_(*place) < position if is_dead else tuple_(*place) > position)
    return query.order_by(*(column.desc() if is_dead else column for column in place)).limit(limit)


def _queued_jobs(after: Cursor | None, limit: int) -> Select[Any]:
    """The first jobs of each kind in turn, since the index begins with the kind, and then the first of these."""
    firsts = [_jobs(JobState.QUEUED, after, limit).where(jobs.c.kind == kind.value).subquery() for kind in JobKind]
    merged = union_all(*(select(first) for first in firsts)).subquery()
    return select(merged).order_by(merged.c.run_after, merged.c.id).limit(limit)


@cache
def _in_progress() -> Select[*tuple[Any, ...]]:
    """The numbers of videos that are uploading and processing, from one partial index each."""
    counts = (
        select(func.count())
        .where(videos.c.status == literal_column(f"'{status}'"))
        .scalar_subquery()
        .label(status.value)
        for status in (VideoStatus.UPLOADING, VideoStatus.PROCESSING)
    )
    return select(*counts)


@cache
def _minutes(dialect: str) -> Select[*tuple[Any, ...]]:
    """The counted events by minute and type."""
    minute = (
        func.date_trunc("minute", events.c.occurred_at)
        if dialect == "postgresql"
        else func.strftime("%Y-%m-%d %H:%M:00.000000", events.c.occurred_at)
    )
    at = type_coerce(minute, UtcDateTime()).label("at")
    return (
        select(at, events.c.type, func.count(type_=Integer).label("number"))
        .where(
            events.c.occurred_at >= bindparam("since", type_=UtcDateTime()),
            events.c.type.in_([counted.value for counted in _COUNTED]),
        )
        .group_by(at, events.c.type)
    )
