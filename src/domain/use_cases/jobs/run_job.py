"""Run one job under its lease."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from domain.model.errors import JobNotFound, JobUnavailable, LeaseLost, Unavailable
from domain.model.ids import JobId
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.retry import retry_delay_s
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.jobs.handlers import JobHandlers, described

CLAIM_AGAIN_AFTER_S = 5.0


class JobResult(StrEnum):
    """How one attempt ended."""

    DONE = "done"
    NOT_CLAIMED = "not_claimed"
    RESCHEDULED = "rescheduled"
    BURIED = "buried"
    LEASE_LOST = "lease_lost"
    RELEASED = "given_back"


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """The result of one attempt, for the log."""

    result: JobResult
    job: Job | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class RunJob:
    """Claim a job, run its handler, and record the outcome.

    - No other worker runs the job at the same time: the lease is renewed as long as this worker is alive.
    - A worker that loses the lease stops at once and writes nothing more.
    - A retryable or unknown error is retried with back-off while attempts are left; otherwise the job is buried.
    - `worker` is the name under which an operator sees this process.
    - `drain` stops the running jobs and releases their leases without charging an attempt.
    """

    database: Database
    clock: Clock
    handlers: JobHandlers
    lease_s: float = 60.0
    renew_every_s: float = 15.0
    worker: str | None = None
    _running: dict[asyncio.Task[None], Job] = field(default_factory=dict[asyncio.Task[None], Job])
    _unsettled: set[asyncio.Future[None]] = field(default_factory=set[asyncio.Future[None]])
    _draining: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, job_id: JobId) -> JobOutcome:
        """Make one attempt at the job, if it can be claimed."""
        if self._draining.is_set():
            return JobOutcome(JobResult.NOT_CLAIMED)
        settled = asyncio.get_running_loop().create_future()
        self._unsettled.add(settled)
        try:
            return await self._claim_and_run(job_id)
        finally:
            self._unsettled.discard(settled)
            settled.set_result(None)

    async def drain(self) -> None:
        """Claim no more jobs, stop the running ones, and wait until each is released or settled."""
        self._draining.set()
        for attempt in self._running:
            attempt.cancel()
        await asyncio.gather(*self._unsettled)

    async def renew_leases(self) -> None:
        """Renew the lease of every running attempt now, because all are overdue after the machine was suspended."""
        for job in list(self._running.values()):
            with suppress(LeaseLost):  # The attempt's own renewal gets the same error and ends the attempt.
                await self._renew(job)

    async def _claim_and_run(self, job_id: JobId) -> JobOutcome:
        try:
            job = await self._claim(job_id)
        except JobUnavailable:
            return JobOutcome(JobResult.NOT_CLAIMED)
        if self._draining.is_set():
            return await self._release(job)
        return await self._attempt(job)

    async def _claim(self, job_id: JobId) -> Job:
        """Claim the job, and wait while the database is unavailable: returning now would lose the message."""
        while not self._draining.is_set():
            with suppress(Unavailable):
                async with self.database.write() as work:
                    return await work.jobs.claim(job_id, lease_s=self.lease_s, worker=self.worker)
            await self.clock.sleep(CLAIM_AGAIN_AFTER_S)
        raise JobUnavailable

    async def _attempt(self, job: Job) -> JobOutcome:
        attempt = asyncio.create_task(self._under_lease(job))
        self._running[attempt] = job
        try:
            await asyncio.wait({attempt})
        except asyncio.CancelledError:
            await _cancel(attempt)
            await self._release(job)
            raise
        finally:
            del self._running[attempt]
        if attempt.cancelled():
            return await self._release(job)
        return await self._settle(job, attempt.exception())

    async def _under_lease(self, job: Job) -> None:
        """Run the handler while the lease is renewed; losing the lease cancels the handler."""
        work = asyncio.create_task(self.handlers.of(job)(job))
        renewal = asyncio.create_task(self._keep_lease(job))
        try:
            await asyncio.wait({work, renewal}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await renewal
            await work
        finally:
            await _cancel(work, renewal)

    async def _keep_lease(self, job: Job) -> None:
        """Renew the lease until it is lost or the job is done."""
        while True:
            await self.clock.sleep(self.renew_every_s)
            # The database may be back before the lease expires; if not, the fence decides.
            with suppress(Unavailable):
                try:
                    await self._renew(job)
                except LeaseLost:
                    if await self._is_settled(job):
                        return
                    raise

    async def _is_settled(self, job: Job) -> bool:
        """Whether this attempt has finished the job itself; its handler may still be sending the jobs that follow."""
        try:
            async with self.database.read() as work:
                current = await work.jobs.get(job.id)
        except JobNotFound:
            return False
        return current.state is JobState.DONE and current.fence == job.fence

    async def _renew(self, job: Job) -> None:
        async with self.database.write() as work:
            await work.jobs.renew(job.lease, lease_s=self.lease_s)

    async def _settle(self, job: Job, error: BaseException | None) -> JobOutcome:
        match error:
            case None:
                return JobOutcome(JobResult.DONE, job)
            case LeaseLost():
                return JobOutcome(JobResult.LEASE_LOST, job, error)
            case Exception():
                return await self._retry_or_bury(job, error)
            case _:
                raise error

    async def _retry_or_bury(self, job: Job, error: Exception) -> JobOutcome:
        delay_s = retry_delay_s(error, job.attempt)
        try:
            async with self.database.write() as work:
                if delay_s is None or job.is_exhausted:
                    await self.handlers.bury(work, job, error)
                    return JobOutcome(JobResult.BURIED, job, error)
                await work.jobs.reschedule(job.lease, delay_s=delay_s, error=described(error))
                return JobOutcome(JobResult.RESCHEDULED, job, error)
        except (LeaseLost, Unavailable):
            # The job is gone or the database unreachable: the lease expires and the sweep requeues the job.
            return JobOutcome(JobResult.LEASE_LOST, job, error)

    async def _release(self, job: Job) -> JobOutcome:
        try:
            async with self.database.write() as work:
                await work.jobs.release(job.lease)
        except (LeaseLost, Unavailable) as error:
            return JobOutcome(JobResult.LEASE_LOST, job, error)
        return JobOutcome(JobResult.RELEASED, job)


async def _cancel(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
