"""Find the jobs that nobody works on and see to them."""

from dataclasses import dataclass

from domain.model.errors import Unavailable
from domain.model.job import Job
from domain.ports.database import Database
from domain.use_cases.job_handler import JobHandlers
from domain.use_cases.send_job import SendJob

BATCH = 100


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one sweep did."""

    freed: int = 0
    buried: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class SweepJobs:
    """Free what a lost worker held, bury what has used its attempts, send what waits.

    - Safe to run anywhere, any number of times, at once.
    - A job that was sent a while ago and still waits is sent again: messages may be lost, rows are not.
    """

    database: Database
    handlers: JobHandlers
    send: SendJob
    resend_after_s: float = 60.0

    async def __call__(self) -> SweepReport:
        """Sweep once."""
        freed, buried = await self._free_abandoned()
        async with self.database.read() as work:
            due = await work.jobs.due(limit=BATCH, resend_after_s=self.resend_after_s)
        sent = 0
        for job in due:
            sent += await self.send(job)
        return SweepReport(freed, buried, sent)

    async def recover(self) -> SweepReport:
        """Sweep when every worker is known to be gone: no lease is waited for."""
        async with self.database.write() as work:
            await work.jobs.expire_leases()
        return await self()

    async def _free_abandoned(self) -> tuple[int, int]:
        freed = buried = 0
        async with self.database.write() as work:
            for job in await work.jobs.abandoned(limit=BATCH):
                if job.is_exhausted:
                    await self.handlers.bury(work, job, _worker_lost(job))
                    buried += 1
                else:
                    await work.jobs.free(job.lease)
                    freed += 1
        return freed, buried


def _worker_lost(job: Job) -> Unavailable:
    return Unavailable(f"The worker was lost {job.attempt} times while it did this.", code="worker_lost")
