"""Requeue abandoned jobs and send waiting ones to the queue again."""

import asyncio
from dataclasses import dataclass

from domain.model.errors import LeaseLost, Unavailable
from domain.model.jobs.job import Job, JobState
from domain.ports.database import Database
from domain.ports.job_queue import JobQueue
from domain.use_cases.jobs.handlers import JobHandlers

BATCH = 100


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one sweep did; `errors` belong to jobs that it could neither free nor bury."""

    freed: int = 0
    buried: int = 0
    sent: int = 0
    errors: tuple[Exception, ...] = ()


@dataclass(frozen=True, slots=True)
class SweepJobs:
    """Requeue the jobs of lost workers, bury those without attempts left, and send the waiting jobs.

    - Any number of sweeps may run at once, in any process; each skips the jobs that another sweep is handling.
    - A job that was sent `resend_after_s` ago and is still waiting is sent again, because its message may be lost.
    - An error in one job does not stop the others.
    """

    database: Database
    handlers: JobHandlers
    queue: JobQueue
    resend_after_s: float = 60.0

    async def __call__(self) -> SweepReport:
        """Run one sweep."""
        async with self.database.read() as work:
            abandoned = await work.jobs.abandoned(limit=BATCH)
        outcomes = [await self._recover_job(job) for job in abandoned]
        sent = await self._send_due()
        return SweepReport(
            freed=outcomes.count(JobState.QUEUED),
            buried=outcomes.count(JobState.DEAD),
            sent=sent,
            errors=tuple(outcome for outcome in outcomes if isinstance(outcome, Exception)),
        )

    async def recover(self) -> SweepReport:
        """Sweep when every worker is known to be gone: treat all leases as expired and all messages as lost."""
        async with self.database.write() as work:
            await work.jobs.expire_all_leases()
        return await self()

    async def _send_due(self) -> int:
        """Send the due jobs and count them; they are marked first, so that no other sweep sends them as well."""
        async with self.database.write() as work:
            due = await work.jobs.due(limit=BATCH, resend_after_s=self.resend_after_s)
            await work.jobs.mark_sent(*(job.lease for job in due))
        sent = await self._count_sent(due)
        if sent < len(due):
            async with self.database.write() as work:
                await work.jobs.mark_unsent(*(job.lease for job in due[sent:]))
        return sent

    async def _count_sent(self, due: list[Job]) -> int:
        """Send the jobs in order until the queue is unavailable; return how many were sent."""
        for sent, job in enumerate(due):
            try:
                await self.queue.send(job)
            except Unavailable:
                return sent
        return len(due)

    async def _recover_job(self, job: Job) -> JobState | BaseException | None:
        """Return the job's new state, None if another process has it, or the error that occurred."""
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
    return Unavailable(f"The worker was lost during attempt {job.attempt}, the last one.", code="worker_lost")
