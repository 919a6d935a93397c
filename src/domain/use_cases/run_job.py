"""Run one job under its lease."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from domain.model.errors import JobNotFound, JobUnavailable, LeaseLost, Unavailable
from domain.model.identity import JobId
from domain.model.job import Job, JobState, retry_delay_s
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.job_handler import JobHandlers, described

CLAIM_AGAIN_AFTER_S = 5.0


class JobResult(StrEnum):
    """How one attempt ended."""

    DONE = "done"
    NOT_CLAIMED = "not_claimed"
    RESCHEDULED = "rescheduled"
    BURIED = "buried"
    LEASE_LOST = "lease_lost"
    GIVEN_BACK = "given_back"


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """One attempt, for the log."""

    result: JobResult
    job: Job | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class RunJob:
    """Claim a job, work on it, and settle what became of it.

    - Nobody else works on it meanwhile: the lease is renewed as long as this worker lives.
    - Whoever loses the lease stops at once and writes nothing more.
    - An error is retried with back-off if that can help and attempts are left; else the job is buried.
    - `drain` stops the running work and gives its leases back without charging an attempt.
    """

    database: Database
    clock: Clock
    handlers: JobHandlers
    lease_s: float = 60.0
    renew_every_s: float = 15.0
    _running: dict[asyncio.Task[None], Job] = field(default_factory=dict[asyncio.Task[None], Job])
    _unsettled: set[asyncio.Future[None]] = field(default_factory=set[asyncio.Future[None]])
    _draining: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, job_id: JobId) -> JobOutcome:
        """Make one attempt at the job, if it is to be had."""
        if self._draining.is_set():
            return JobOutcome(JobResult.NOT_CLAIMED)
        settled = asyncio.get_running_loop().create_future()
        self._unsettled.add(settled)
        try:
            return await self._claim_and_attempt(job_id)
        finally:
            self._unsettled.discard(settled)
            settled.set_result(None)

    async def drain(self) -> None:
        """Take no more jobs, stop those that run, and wait until every one is given back or settled."""
        self._draining.set()
        for attempt in self._running:
            attempt.cancel()
        await asyncio.gather(*self._unsettled)

    async def renew_leases(self) -> None:
        """Renew the lease of every running attempt now: after a suspension of the machine all are overdue."""
        for job in list(self._running.values()):
            with suppress(LeaseLost):  # Its own renewal finds out too, and ends the attempt.
                await self._renew(job)

    async def _claim_and_attempt(self, job_id: JobId) -> JobOutcome:
        try:
            job = await self._claimed(job_id)
        except JobUnavailable:
            return JobOutcome(JobResult.NOT_CLAIMED)
        if self._draining.is_set():
            return await self._given_back(job)
        return await self._attempt(job)

    async def _claimed(self, job_id: JobId) -> Job:
        """Claim the job, however long the database is away: letting go of the message now would lose it."""
        while not self._draining.is_set():
            with suppress(Unavailable):
                async with self.database.write() as work:
                    return await work.jobs.claim(job_id, lease_s=self.lease_s)
            await self.clock.sleep(CLAIM_AGAIN_AFTER_S)
        raise JobUnavailable

    async def _attempt(self, job: Job) -> JobOutcome:
        attempt = asyncio.create_task(self._under_lease(job))
        self._running[attempt] = job
        try:
            await asyncio.wait({attempt})
        except asyncio.CancelledError:
            await _ended(attempt)
            await self._given_back(job)
            raise
        finally:
            del self._running[attempt]
        if attempt.cancelled():
            return await self._given_back(job)
        return await self._settled(job, attempt.exception())

    async def _under_lease(self, job: Job) -> None:
        """The handler's work, ended early by the loss of the lease."""
        work = asyncio.create_task(self.handlers.of(job)(job))
        renewal = asyncio.create_task(self._keep_lease(job))
        try:
            await asyncio.wait({work, renewal}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await renewal
            await work
        finally:
            await _ended(work, renewal)

    async def _keep_lease(self, job: Job) -> None:
        """Renew until the lease is lost, or nobody needs it any more."""
        while True:
            await self.clock.sleep(self.renew_every_s)
            # The database may be back before the lease runs out; if not, the fence decides.
            with suppress(Unavailable):
                try:
                    await self._renew(job)
                except LeaseLost:
                    if await self._is_settled(job):
                        return
                    raise

    async def _is_settled(self, job: Job) -> bool:
        """Whether this attempt itself has ended the job: it may still be telling others."""
        try:
            async with self.database.read() as work:
                now = await work.jobs.get(job.id)
        except JobNotFound:
            return False
        return now.state is JobState.DONE and now.fence == job.fence

    async def _renew(self, job: Job) -> None:
        async with self.database.write() as work:
            await work.jobs.renew(job.lease, lease_s=self.lease_s)

    async def _settled(self, job: Job, error: BaseException | None) -> JobOutcome:
        match error:
            case None:
                return JobOutcome(JobResult.DONE, job)
            case LeaseLost():
                return JobOutcome(JobResult.LEASE_LOST, job, error)
            case Exception():
                return await self._failed(job, error)
            case _:
                raise error

    async def _failed(self, job: Job, error: Exception) -> JobOutcome:
        delay_s = retry_delay_s(error, job.attempt)
        try:
            async with self.database.write() as work:
                if delay_s is None or job.is_exhausted:
                    await self.handlers.bury(work, job, error)
                    return JobOutcome(JobResult.BURIED, job, error)
                await work.jobs.reschedule(job.lease, delay_s=delay_s, error=described(error))
                return JobOutcome(JobResult.RESCHEDULED, job, error)
        except (LeaseLost, Unavailable):
            # Gone, or unreachable: the lease runs out by itself and the sweep takes over.
            return JobOutcome(JobResult.LEASE_LOST, job, error)

    async def _given_back(self, job: Job) -> JobOutcome:
        try:
            async with self.database.write() as work:
                await work.jobs.give_back(job.lease)
        except (LeaseLost, Unavailable) as error:
            return JobOutcome(JobResult.LEASE_LOST, job, error)
        return JobOutcome(JobResult.GIVEN_BACK, job)


async def _ended(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
