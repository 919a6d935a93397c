"""Jobs in SQL; each claim, and each check of a lease and its fence, is one conditional statement."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Update,
    and_,
    bindparam,
    case,
    delete,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from adapters.sql.columns import as_json, db_now, insert_new
from adapters.sql.job_rows import job_of, known_kind
from adapters.sql.tables import jobs
from domain.model.errors import AlreadyExists, JobNotFound, JobUnavailable, LeaseLost
from domain.model.ids import JobId, VideoId
from domain.model.jobs.job import Job, JobState, Lease, NewJob
from domain.model.jobs.payloads import kind_of
from domain.ports.job_repository import JobRepository

# Literals, not parameters: with a parameter, Postgres cannot know that a partial index on these states applies.
_QUEUED: ColumnElement[str] = literal_column(f"'{JobState.QUEUED}'")
_RUNNING: ColumnElement[str] = literal_column(f"'{JobState.RUNNING}'")


class SqlJobRepository(JobRepository):
    """Jobs, one row each, on the database's clock. A write transaction locks the due jobs that it reads.

    On Postgres each statement sees what was committed before it began, and an UPDATE that waited for a row evaluates
    its conditions again on the new version of the row (READ COMMITTED).
    """

    def __init__(self, connection: AsyncConnection, *, locking: bool) -> None:
        self._connection = connection
        self._locking = locking

    async def add(self, new: NewJob) -> Job:
        row = {
            "id": new.id,
            "video_id": new.video_id,
            "kind": kind_of(new.payload).value,
            "payload": as_json(new.payload),
            "state": JobState.QUEUED.value,
            "attempt": 0,
            "max_attempts": new.max_attempts,
            "delay_s": new.delay_s,
            "fence": 0,
        }
        adding = _insert(self._connection.dialect.name)
        added = (await self._connection.execute(adding, row)).mappings().one_or_none()
        if added is None:
            raise AlreadyExists("A job with this id already exists.")
        return job_of(added)

    async def get(self, job_id: JobId) -> Job:
        query = select(jobs).where(jobs.c.id == job_id, known_kind())
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            raise JobNotFound
        return job_of(row)

    async def of_video(self, video_id: VideoId) -> list[Job]:
        return await self._all(and_(jobs.c.video_id == video_id, known_kind()))

    async def delete_of_video(self, video_id: VideoId) -> None:
        # A transaction that we waited for may have added a job, which a statement that began earlier does not see.
        while (await self._connection.execute(delete(jobs).where(jobs.c.video_id == video_id))).rowcount:
            pass

    async def claim(self, job_id: JobId, *, lease_s: float, worker: str | None = None) -> Job:
        chosen = {"job_id": job_id, "lease_s": lease_s, "claimed_by": worker}
        row = (await self._connection.execute(_CLAIM, chosen)).mappings().one_or_none()
        if row is None:
            raise JobUnavailable
        return job_of(row)

    async def lock(self, lease: Lease) -> None:
        await self._lock(_LOCK, lease)

    async def renew(self, lease: Lease, *, lease_s: float) -> None:
        await self._change(_RENEW, lease, lease_s=lease_s)

    async def finish(self, lease: Lease) -> None:
        await self._change(_FINISH, lease)

    async def reschedule(self, lease: Lease, *, delay_s: float, error: str) -> None:
        await self._change(_RESCHEDULE, lease, delay_s=delay_s, error=error)

    async def release(self, lease: Lease) -> None:
        await self._change(_RELEASE, lease)

    async def bury(self, lease: Lease, *, error: str) -> None:
        await self._change(_BURY, lease, error=error)

    async def revive(self, job_id: JobId) -> Job:
        row = (await self._connection.execute(_REVIVE, {"job_id": job_id})).mappings().one_or_none()
        if row is None:
            raise JobUnavailable
        return job_of(row)

    async def abandoned(self, *, limit: int) -> list[Job]:
        query = select(jobs).where(_abandoned(), known_kind()).order_by(jobs.c.lease_until).limit(limit)
        return [job_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def seize(self, lease: Lease) -> None:
        # A locked row is skipped: another sweep has the job, or its worker is renewing the lease.
        await self._lock(_SEIZE, lease)

    async def free(self, lease: Lease) -> None:
        await self._change(_FREE, lease)

    async def expire_all_leases(self) -> None:
        running, queued = jobs.c.state == JobState.RUNNING, jobs.c.state == JobState.QUEUED
        await self._connection.execute(update(jobs).where(running).values(lease_until=db_now(-1.0)))
        await self._connection.execute(update(jobs).where(queued).values(sent_at=None))

    async def due(self, *, limit: int, resend_after_s: float) -> list[Job]:
        # Two statements, because each can walk its own index and stop at the limit.
        never_sent = self._waiting().where(jobs.c.sent_at.is_(None)).order_by(jobs.c.run_after)
        due = await self._limited(never_sent, limit)
        if len(due) < limit:
            sent_long_ago = self._waiting().where(jobs.c.sent_at < db_now(-resend_after_s)).order_by(jobs.c.sent_at)
            due += await self._limited(sent_long_ago, limit - len(due))
        return due

    async def mark_sent(self, *leases: Lease) -> None:
        await self._mark(_MARK_SENT, leases)

    async def mark_unsent(self, *leases: Lease) -> None:
        await self._mark(_MARK_UNSENT, leases)

    async def wake(self, job_id: JobId, *, within_s: float = 0.0) -> Job | None:
        waking = {"job_id": job_id, "within_s": within_s}
        row = (await self._connection.execute(_WAKE, waking)).mappings().one_or_none()
        if row is None:
            raise JobNotFound
        return job_of(row) if row["is_due"] else None

    async def park(self, lease: Lease, *, delay_s: float) -> None:
        await self._change(_PARK, lease, delay_s=delay_s)

    def _waiting(self) -> Select[Any]:
        query = select(jobs).where(jobs.c.state == _QUEUED, jobs.c.run_after <= db_now(), known_kind())
        return query.with_for_update(skip_locked=True) if self._locking else query

    async def _limited(self, query: Select[Any], limit: int) -> list[Job]:
        return [job_of(row) for row in (await self._connection.execute(query.limit(limit))).mappings()]

    async def _mark(self, marking: Update, leases: tuple[Lease, ...]) -> None:
        # Always in the same order, so that two transactions that mark the same jobs do not deadlock.
        ordered = sorted(leases, key=lambda lease: lease.job_id)
        if ordered:
            await self._connection.execute(marking, [_named(lease) for lease in ordered])

    async def _all(self, condition: ColumnElement[bool]) -> list[Job]:
        return [job_of(row) for row in (await self._connection.execute(select(jobs).where(condition))).mappings()]

    async def _lock(self, query: Select[Any], lease: Lease) -> None:
        if (await self._connection.execute(query, _named(lease))).one_or_none() is None:
            raise LeaseLost

    async def _change(self, change: Update, lease: Lease, **values: float | str) -> None:
        if (await self._connection.execute(change, {**_named(lease), **values})).rowcount == 0:
            raise LeaseLost


def _named(lease: Lease) -> dict[str, str | int]:
    return {"job_id": lease.job_id, "held_fence": lease.fence}


def _abandoned() -> ColumnElement[bool]:
    return and_(jobs.c.state == _RUNNING, jobs.c.lease_until < db_now())


# Built once: SQLAlchemy takes longer to build a statement than the database takes to run it.
_CLAIM = (
    update(jobs)
    .where(
        jobs.c.id == bindparam("job_id"),
        jobs.c.attempt < jobs.c.max_attempts,
        jobs.c.run_after <= db_now(),
        or_(jobs.c.state == _QUEUED, _abandoned()),
    )
    .values(
        state=JobState.RUNNING,
        attempt=jobs.c.attempt + 1,
        fence=jobs.c.fence + 1,
        lease_until=db_now(bindparam("lease_s", type_=Float)),
        worker=bindparam("claimed_by", type_=jobs.c.worker.type),
        updated_at=db_now(),
    )
    .returning(*jobs.c)
)

_UNDER_LEASE = and_(jobs.c.id == bindparam("job_id"), jobs.c.fence == bindparam("held_fence"))
_LEASED = and_(_UNDER_LEASE, jobs.c.state == JobState.RUNNING)
_LOCK = select(jobs.c.id).where(_LEASED).with_for_update()
_SEIZE = select(jobs.c.id).where(_LEASED, _abandoned()).with_for_update(skip_locked=True)

_CHANGE = update(jobs).where(_LEASED)
_RENEW = _CHANGE.values(lease_until=db_now(bindparam("lease_s", type_=Float)))
_FINISH = _CHANGE.values(state=JobState.DONE, lease_until=None, updated_at=db_now())
_BURY = _CHANGE.values(state=JobState.DEAD, lease_until=None, updated_at=db_now(), last_error=bindparam("error"))

_REQUEUE = _CHANGE.values(state=JobState.QUEUED, lease_until=None, sent_at=None, updated_at=db_now())
_FREE = _REQUEUE.values(run_after=db_now())
_RELEASE = _FREE.values(attempt=jobs.c.attempt - 1)
_RESCHEDULE = _REQUEUE.values(run_after=db_now(bindparam("delay_s", type_=Float)), last_error=bindparam("error"))

_PARK = _REQUEUE.values(run_after=db_now(bindparam("delay_s", type_=Float)), attempt=0)

# It changes the row in every state, because the change locks it; a job that is running or dead keeps its values.
_IS_WAITING = jobs.c.state == _QUEUED
_AT_THE_LATEST = db_now(bindparam("within_s", type_=Float))
_WAKE = (
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"))
    .values(
        run_after=case((and_(_IS_WAITING, jobs.c.run_after > _AT_THE_LATEST), _AT_THE_LATEST), else_=jobs.c.run_after),
        sent_at=case((_IS_WAITING, null()), else_=jobs.c.sent_at),
    )
    .returning(*jobs.c, and_(_IS_WAITING, jobs.c.run_after <= db_now()).label("is_due"))
)

_REVIVE = (
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"), jobs.c.state == JobState.DEAD)
    .values(state=JobState.QUEUED, attempt=0, sent_at=None, run_after=db_now(), updated_at=db_now())
    .returning(*jobs.c)
)

_MARK = update(jobs).where(_UNDER_LEASE, jobs.c.state == JobState.QUEUED)
_MARK_SENT = _MARK.values(sent_at=db_now())
_MARK_UNSENT = _MARK.values(sent_at=None)


@cache
def _insert(dialect: str) -> ReturningInsert[Any]:
    later = db_now(bindparam("delay_s", type_=Float))
    return (
        insert_new(dialect, jobs).values(run_after=later, created_at=db_now(), updated_at=db_now()).returning(*jobs.c)
    )
