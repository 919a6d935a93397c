"""Jobs in memory."""

from dataclasses import replace
from datetime import datetime, timedelta

from adapters.fakes.tables import Tables
from domain.model.errors import AlreadyExists, JobNotFound, JobUnavailable, LeaseLost
from domain.model.ids import JobId, VideoId
from domain.model.jobs.job import Job, JobState, Lease, NewJob
from domain.ports.clock import Clock
from domain.ports.job_repository import JobRepository


class InMemoryJobRepository(JobRepository):
    """Jobs in a dictionary, with the rules of the model."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def add(self, new: NewJob) -> Job:
        if new.id in self._tables.jobs:
            raise AlreadyExists("A job with this id already exists.")
        run_after = self._clock.now() + timedelta(seconds=new.delay_s)
        return self._replace(Job(new.id, new.video_id, new.payload, new.max_attempts, run_after))

    async def get(self, job_id: JobId) -> Job:
        try:
            return self._tables.jobs[job_id]
        except KeyError:
            raise JobNotFound from None

    async def of_video(self, video_id: VideoId) -> list[Job]:
        return [job for job in self._tables.jobs.values() if job.video_id == video_id]

    async def delete_of_video(self, video_id: VideoId) -> None:
        for job in await self.of_video(video_id):
            del self._tables.jobs[job.id]
            for key in [key for key in self._tables.chunks if key[0] == job.id]:
                del self._tables.chunks[key]

    async def claim(self, job_id: JobId, *, lease_s: float, worker: str | None = None) -> Job:
        job = self._tables.jobs.get(job_id)
        if job is None:
            raise JobUnavailable
        return self._replace(job.claimed(now=self._clock.now(), lease_s=lease_s, worker=worker))

    async def lock(self, lease: Lease) -> None:
        self._leased(lease)

    async def renew(self, lease: Lease, *, lease_s: float) -> None:
        self._replace(self._leased(lease).renewed(now=self._clock.now(), lease_s=lease_s))

    async def finish(self, lease: Lease) -> None:
        self._replace(self._leased(lease).finished())

    async def reschedule(self, lease: Lease, *, delay_s: float, error: str) -> None:
        run_after = self._clock.now() + timedelta(seconds=delay_s)
        self._replace(self._leased(lease).rescheduled(run_after=run_after, error=error))

    async def release(self, lease: Lease) -> None:
        self._replace(self._leased(lease).released(now=self._clock.now()))

    async def bury(self, lease: Lease, *, error: str) -> None:
        self._replace(self._leased(lease).buried(error=error))

    async def revive(self, job_id: JobId) -> Job:
        job = self._tables.jobs.get(job_id)
        if job is None:
            raise JobUnavailable
        return self._replace(job.revived(now=self._clock.now()))

    async def abandoned(self, *, limit: int) -> list[Job]:
        now = self._clock.now()
        expired = [job for job in self._tables.jobs.values() if job.lease_expired(now)]
        return sorted(expired, key=lambda job: job.lease_until or now)[:limit]

    async def seize(self, lease: Lease) -> None:
        if not self._leased(lease).lease_expired(self._clock.now()):
            raise LeaseLost

    async def free(self, lease: Lease) -> None:
        self._replace(self._leased(lease).freed(now=self._clock.now()))

    async def expire_all_leases(self) -> None:
        past = self._clock.now() - timedelta(seconds=1)
        for job in list(self._tables.jobs.values()):
            if job.state is JobState.RUNNING:
                self._replace(replace(job, lease_until=past))
            elif job.state is JobState.QUEUED:
                self._replace(replace(job, sent_at=None))

    async def due(self, *, limit: int, resend_after_s: float) -> list[Job]:
        now = self._clock.now()
        sent_before = now - timedelta(seconds=resend_after_s)
        due = [
            job
            for job in self._tables.jobs.values()
            if job.is_due(now) and (job.sent_at is None or job.sent_at < sent_before)
        ]
        return sorted(due, key=lambda job: (job.sent_at is not None, job.sent_at or now, job.run_after))[:limit]

    async def mark_sent(self, *leases: Lease) -> None:
        self._mark(leases, self._clock.now())

    async def mark_unsent(self, *leases: Lease) -> None:
        self._mark(leases, None)

    async def wake(self, job_id: JobId, *, within_s: float = 0.0) -> Job | None:
        job, now = await self.get(job_id), self._clock.now()
        if job.state is not JobState.QUEUED:
            return None
        at_the_latest = now + timedelta(seconds=within_s)
        woken = self._replace(replace(job, sent_at=None, run_after=min(job.run_after, at_the_latest)))
        return woken if woken.is_due(now) else None

    async def park(self, lease: Lease, *, delay_s: float) -> None:
        self._replace(self._leased(lease).parked(run_after=self._clock.now() + timedelta(seconds=delay_s)))

    def _mark(self, leases: tuple[Lease, ...], sent_at: datetime | None) -> None:
        for lease in leases:
            job = self._tables.jobs.get(lease.job_id)
            if job is not None and job.state is JobState.QUEUED and job.fence == lease.fence:
                self._replace(replace(job, sent_at=sent_at))

    def _leased(self, lease: Lease) -> Job:
        job = self._tables.jobs.get(lease.job_id)
        if job is None:
            raise LeaseLost
        return job.require_lease(lease)

    def _replace(self, job: Job) -> Job:
        """Store the job; the claim of an abandoned one is a change of its state, too."""
        before, now = self._tables.jobs.get(job.id), self._clock.now()
        if before is None:
            job = replace(job, created_at=now, updated_at=now)
        elif (before.state, before.fence) != (job.state, job.fence):
            job = replace(job, updated_at=now)
        self._tables.jobs[job.id] = job
        return job
