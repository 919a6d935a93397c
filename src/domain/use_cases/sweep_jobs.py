"""Find the jobs that nobody works on and see to them."""

import asyncio
from dataclasses import dataclass

from domain.model.errors import LeaseLost, Unavailable
from domain.model.job import Job, JobState
from domain.ports.database import Database
from domain.ports.job_queue import JobQueue
from domain.use_cases.job_handler import JobHandlers

BATCH = 100


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one sweep did; `errors` are of jobs that it could not see to."""

    freed: int = 0
    buried: int = 0
    sent: int = 0
    errors: tuple[Exception, ...] = ()


@dataclass(frozen=True, slots=True)
class SweepJobs:
    """Free what a lost worker held, bury what has used its attempts, send what waits.

    - Safe to run anywhere, any number of times, at once; what one sweep sees to, another passes over.
    - A job that was sent a while ago and still waits is sent again: messages may be lost, rows are not.
    - A job that can't be seen to keeps no other waiting.
    """

    database: Database
    handlers: JobHandlers
    queue: JobQueue
    resend_after_s: float = 60.0

    async def __call__(self) -> SweepReport:
        """Sweep once."""
        async with self.database.read() as work:
            abandoned = await work.jobs.abandoned(limit=BATCH)
        outcomes = [await self._seen_to(job) for job in abandoned]
        sent = await self._send_due()
        return SweepReport(
            freed=outcomes.count(JobState.QUEUED),
            buried=outcomes.count(JobState.DEAD),
            sent=sent,
            errors=tuple(outcome for outcome in outcomes if isinstance(outcome, Exception)),
        )

    async def recover(self) -> SweepReport:
        """Sweep when every worker is known to be gone: no lease and no message is waited for."""
        async with self.database.write() as work:
            await work.jobs.forget_workers()
        return await self()

    async def _send_due(self) -> int:
        """Send what is due, and count it; it is marked before, so that no other sweep sends the same meanwhile."""
        async with self.database.write() as work:
            due = await work.jobs.due(limit=BATCH, resend_after_s=self.resend_after_s)
            await work.jobs.mark_sent(*(job.lease for job in due))
        sent = await self._count_sent(due)
        if sent < len(due):
            async with self.database.write() as work:
                await work.jobs.mark_unsent(*(job.lease for job in due[sent:]))
        return sent

    async def _count_sent(self, due: list[Job]) -> int:
        """How many could be sent, in order, until the queue took no more."""
        for sent, job in enumerate(due):
            try:
                await self.queue.send(job)
            except Unavailable:
                return sent
        return len(due)

    async def _seen_to(self, job: Job) -> JobState | BaseException | None:
        """What the job has become; None when its worker came back, or the error that was in the way."""
        (outcome,) = await asyncio.gather(self._free_or_bury(job), return_exceptions=True)
        return None if isinstance(outcome, LeaseLost) else outcome

    async def _free_or_bury(self, job: Job) -> JobState:
        async with self.database.write() as work:
            await work.jobs.seize(job.lease)
            if job.is_exhausted:
                await self.handlers.bury(work, job, _worker_lost(job))
                return JobState.DEAD
            await work.jobs.free(job.lease)
            return JobState.QUEUED


def _worker_lost(job: Job) -> Unavailable:
    return Unavailable(f"The worker was lost {job.attempt} times while it did this.", code="worker_lost")
