"""Jobs in SQL: each rule of claim, lease and fence is one conditional statement."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, RowMapping, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.columns import db_now
from adapters.sql.tables import jobs
from domain.model.errors import AlreadyExists, JobNotFound, JobUnavailable, LeaseLost
from domain.model.identity import JobId, VideoId
from domain.model.job import (
    ErasePayload,
    Job,
    JobKind,
    JobPayload,
    JobState,
    Lease,
    NewJob,
    ProcessPayload,
    TranscribePayload,
    kind_of,
)
from domain.ports.job_repository import JobRepository

_PAYLOADS: dict[JobKind, type[JobPayload]] = {
    JobKind.PROCESS: ProcessPayload,
    JobKind.TRANSCRIBE: TranscribePayload,
    JobKind.ERASE: ErasePayload,
}


class SqlJobRepository(JobRepository):
    """Jobs, one row each, on the database's clock."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: NewJob) -> Job:
        row = {
            "id": new.id,
            "video_id": new.video_id,
            "kind": kind_of(new.payload).value,
            "payload": msgspec.json.encode(new.payload).decode(),
            "state": JobState.QUEUED.value,
            "attempt": 0,
            "max_attempts": new.max_attempts,
            "run_after": db_now(new.delay_s),
            "fence": 0,
        }
        try:
            added = await self._connection.execute(insert(jobs).values(row).returning(*jobs.c))
        except IntegrityError as error:
            raise AlreadyExists("A job with this id is there already.") from error
        return _job(added.mappings().one())

    async def get(self, job_id: JobId) -> Job:
        row = (await self._connection.execute(select(jobs).where(jobs.c.id == job_id))).mappings().one_or_none()
        if row is None:
            raise JobNotFound
        return _job(row)

    async def of_video(self, video_id: VideoId) -> list[Job]:
        return await self._all(jobs.c.video_id == video_id)

    async def delete_of_video(self, video_id: VideoId) -> None:
        await self._connection.execute(delete(jobs).where(jobs.c.video_id == video_id))

    async def claim(self, job_id: JobId, *, lease_s: float) -> Job:
        available = and_(
            jobs.c.id == job_id,
            jobs.c.attempt < jobs.c.max_attempts,
            jobs.c.run_after <= db_now(),
            or_(jobs.c.state == JobState.QUEUED, _abandoned()),
        )
        change = (
            update(jobs)
            .where(available)
            .values(
                state=JobState.RUNNING,
                attempt=jobs.c.attempt + 1,
                fence=jobs.c.fence + 1,
                lease_until=db_now(lease_s),
            )
        )
        row = (await self._connection.execute(change.returning(*jobs.c))).mappings().one_or_none()
        if row is None:
            raise JobUnavailable
        return _job(row)

    async def hold(self, lease: Lease) -> None:
        # A write that changes nothing: it takes the row's lock until the transaction ends.
        await self._change_held(lease, fence=jobs.c.fence)

    async def renew(self, lease: Lease, *, lease_s: float) -> None:
        await self._change_held(lease, lease_until=db_now(lease_s))

    async def finish(self, lease: Lease) -> None:
        await self._change_held(lease, state=JobState.DONE, lease_until=None)

    async def reschedule(self, lease: Lease, *, delay_s: float, error: str) -> None:
        await self._requeue(lease, run_after=db_now(delay_s), last_error=error)

    async def give_back(self, lease: Lease) -> None:
        await self._requeue(lease, run_after=db_now(), attempt=jobs.c.attempt - 1)

    async def bury(self, lease: Lease, *, error: str) -> None:
        await self._change_held(lease, state=JobState.DEAD, lease_until=None, last_error=error)

    async def abandoned(self, *, limit: int) -> list[Job]:
        query = select(jobs).where(_abandoned(), _known()).order_by(jobs.c.lease_until).limit(limit)
        return [_job(row) for row in (await self._connection.execute(query)).mappings()]

    async def seize(self, lease: Lease) -> None:
        await self._change(and_(_held(lease), _abandoned()), fence=jobs.c.fence)

    async def free(self, lease: Lease) -> None:
        await self._requeue(lease, run_after=db_now())

    async def forget_workers(self) -> None:
        running, queued = jobs.c.state == JobState.RUNNING, jobs.c.state == JobState.QUEUED
        await self._connection.execute(update(jobs).where(running).values(lease_until=db_now(-1.0)))
        await self._connection.execute(update(jobs).where(queued).values(sent_at=None))

    async def due(self, *, limit: int, resend_after_s: float) -> list[Job]:
        waiting = and_(
            jobs.c.state == JobState.QUEUED,
            jobs.c.run_after <= db_now(),
            or_(jobs.c.sent_at.is_(None), jobs.c.sent_at < db_now(-resend_after_s)),
            _known(),
        )
        unsent_first = (jobs.c.sent_at.is_not(None), jobs.c.sent_at, jobs.c.run_after)
        query = select(jobs).where(waiting).order_by(*unsent_first).limit(limit)
        return [_job(row) for row in (await self._connection.execute(query)).mappings()]

    async def mark_sent(self, lease: Lease) -> None:
        waiting = and_(_under(lease), jobs.c.state == JobState.QUEUED)
        await self._connection.execute(update(jobs).where(waiting).values(sent_at=db_now()))

    async def _all(self, condition: ColumnElement[bool]) -> list[Job]:
        return [_job(row) for row in (await self._connection.execute(select(jobs).where(condition))).mappings()]

    async def _requeue(self, lease: Lease, **changes: Any) -> None:  # noqa: ANN401 (columns and SQL expressions)
        await self._change_held(lease, state=JobState.QUEUED, lease_until=None, sent_at=None, **changes)

    async def _change_held(self, lease: Lease, **changes: Any) -> None:  # noqa: ANN401 (columns and SQL expressions)
        await self._change(_held(lease), **changes)

    async def _change(self, condition: ColumnElement[bool], **changes: Any) -> None:  # noqa: ANN401 (likewise)
        if (await self._connection.execute(update(jobs).where(condition).values(**changes))).rowcount == 0:
            raise LeaseLost


def _under(lease: Lease) -> ColumnElement[bool]:
    return and_(jobs.c.id == lease.job_id, jobs.c.fence == lease.fence)


def _held(lease: Lease) -> ColumnElement[bool]:
    return and_(_under(lease), jobs.c.state == JobState.RUNNING)


def _known() -> ColumnElement[bool]:
    """After a roll-back to an older version there may be jobs of kinds that it does not know."""
    return jobs.c.kind.in_([kind.value for kind in JobKind])


def _abandoned() -> ColumnElement[bool]:
    return and_(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < db_now())


def _job(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        video_id=row["video_id"],
        payload=msgspec.json.decode(row["payload"], type=_PAYLOADS[JobKind(row["kind"])]),
        max_attempts=row["max_attempts"],
        run_after=row["run_after"],
        state=JobState(row["state"]),
        attempt=row["attempt"],
        fence=row["fence"],
        lease_until=row["lease_until"],
        sent_at=row["sent_at"],
        last_error=row["last_error"],
    )
