"""A database in memory, with real transactions: one writer at a time, and rollback that drops the writes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.model.errors import (
    AlreadyExists,
    JobNotFound,
    JobUnavailable,
    LeaseLost,
    TranscriptNotFound,
    Unavailable,
    VideoNotFound,
)
from domain.model.identity import JobId, UserId, VideoId
from domain.model.job import Job, JobState, Lease, NewJob
from domain.model.lifecycle import VideoStatus
from domain.model.pagination import Cursor
from domain.model.transcript import ChunkTranscript, Transcript
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.job_repository import JobRepository
from domain.ports.transcript_repository import TranscriptRepository
from domain.ports.video_repository import VideoRepository


@dataclass
class Tables:
    """Everything remembered. Values are immutable, so a shallow copy is a snapshot."""

    videos: dict[VideoId, Video] = field(default_factory=dict[VideoId, Video])
    jobs: dict[JobId, Job] = field(default_factory=dict[JobId, Job])
    transcripts: dict[VideoId, Transcript] = field(default_factory=dict[VideoId, Transcript])
    chunks: dict[tuple[JobId, int], ChunkTranscript] = field(default_factory=dict[tuple[JobId, int], ChunkTranscript])

    def snapshot(self) -> "Tables":
        """A state that later writes don't reach."""
        return Tables(copy(self.videos), copy(self.jobs), copy(self.transcripts), copy(self.chunks))


class InMemoryVideoRepository(VideoRepository):
    """Videos in a dictionary."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add(self, *videos: Video) -> None:
        for video in videos:
            if video.id in self._tables.videos:
                raise AlreadyExists("A video with this id is there already.")
            self._tables.videos[video.id] = video

    async def get(self, video_id: VideoId) -> Video:
        try:
            return self._tables.videos[video_id]
        except KeyError:
            raise VideoNotFound from None

    async def save(self, video: Video) -> None:
        await self.get(video.id)
        self._tables.videos[video.id] = video

    async def delete(self, video_id: VideoId) -> None:
        self._tables.videos.pop(video_id, None)
        self._tables.transcripts.pop(video_id, None)

    async def page(
        self, owner: UserId, *, limit: int, after: Cursor | None = None, status: VideoStatus | None = None
    ) -> list[Video]:
        shown = [
            video
            for video in self._tables.videos.values()
            if video.owner == owner
            and (status is None or video.status is status)
            and (after is None or _position(Cursor.after(video)) < _position(after))
        ]
        return sorted(shown, key=lambda video: _position(Cursor.after(video)), reverse=True)[:limit]


class InMemoryJobRepository(JobRepository):
    """Jobs in a dictionary, by the model's own rules."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def add(self, new: NewJob) -> Job:
        if new.id in self._tables.jobs:
            raise AlreadyExists("A job with this id is there already.")
        run_after = self._clock.now() + timedelta(seconds=new.delay_s)
        return self._keep(Job(new.id, new.video_id, new.payload, new.max_attempts, run_after))

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

    async def claim(self, job_id: JobId, *, lease_s: float) -> Job:
        job = self._tables.jobs.get(job_id)
        if job is None:
            raise JobUnavailable
        return self._keep(job.claimed(now=self._clock.now(), lease_s=lease_s))

    async def hold(self, lease: Lease) -> None:
        self._held(lease)

    async def renew(self, lease: Lease, *, lease_s: float) -> None:
        self._keep(self._held(lease).renewed(now=self._clock.now(), lease_s=lease_s))

    async def finish(self, lease: Lease) -> None:
        self._keep(self._held(lease).finished())

    async def reschedule(self, lease: Lease, *, delay_s: float, error: str) -> None:
        run_after = self._clock.now() + timedelta(seconds=delay_s)
        self._keep(self._held(lease).rescheduled(run_after=run_after, error=error))

    async def give_back(self, lease: Lease) -> None:
        self._keep(self._held(lease).given_back(now=self._clock.now()))

    async def bury(self, lease: Lease, *, error: str) -> None:
        self._keep(self._held(lease).buried(error=error))

    async def abandoned(self, *, limit: int) -> list[Job]:
        now = self._clock.now()
        expired = [job for job in self._tables.jobs.values() if job.lease_expired(now)]
        return sorted(expired, key=lambda job: job.lease_until or now)[:limit]

    async def seize(self, lease: Lease) -> None:
        if not self._held(lease).lease_expired(self._clock.now()):
            raise LeaseLost

    async def free(self, lease: Lease) -> None:
        self._keep(self._held(lease).freed(now=self._clock.now()))

    async def forget_workers(self) -> None:
        past = self._clock.now() - timedelta(seconds=1)
        for job in list(self._tables.jobs.values()):
            if job.state is JobState.RUNNING:
                self._keep(replace(job, lease_until=past))
            elif job.state is JobState.QUEUED:
                self._keep(replace(job, sent_at=None))

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

    def _mark(self, leases: tuple[Lease, ...], sent_at: datetime | None) -> None:
        for lease in leases:
            job = self._tables.jobs.get(lease.job_id)
            if job is not None and job.state is JobState.QUEUED and job.fence == lease.fence:
                self._keep(replace(job, sent_at=sent_at))

    def _held(self, lease: Lease) -> Job:
        job = self._tables.jobs.get(lease.job_id)
        if job is None:
            raise LeaseLost
        return job.held(lease)

    def _keep(self, job: Job) -> Job:
        self._tables.jobs[job.id] = job
        return job


class InMemoryTranscriptRepository(TranscriptRepository):
    """Transcripts and chunks in dictionaries."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def save(self, transcript: Transcript) -> None:
        if transcript.video_id not in self._tables.videos:
            raise VideoNotFound
        self._tables.transcripts[transcript.video_id] = transcript

    async def get(self, video_id: VideoId) -> Transcript:
        try:
            return self._tables.transcripts[video_id]
        except KeyError:
            raise TranscriptNotFound from None

    async def save_chunk(self, job_id: JobId, index: int, chunk: ChunkTranscript) -> None:
        if job_id not in self._tables.jobs:
            raise JobNotFound
        self._tables.chunks[job_id, index] = chunk

    async def chunks(self, job_id: JobId) -> dict[int, ChunkTranscript]:
        return {index: chunk for (owner, index), chunk in self._tables.chunks.items() if owner == job_id}

    async def delete_chunks(self, job_id: JobId) -> None:
        for index in await self.chunks(job_id):
            del self._tables.chunks[job_id, index]


class InMemoryDatabase(Database):
    """Transactions over dictionaries; `is_down` makes every call fail as a lost server would."""

    def __init__(self, clock: Clock) -> None:
        self.is_down = False
        self._clock = clock
        self._committed = Tables()
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        await self.check()
        async with self._writer:
            written = self._committed.snapshot()
            yield self._unit_of_work(written)
            self._committed = written

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[UnitOfWork]:
        await self.check()
        yield self._unit_of_work(self._committed.snapshot())

    async def check(self) -> None:
        if self.is_down:
            raise Unavailable("The database is down.", code="database_unavailable")

    def _unit_of_work(self, tables: Tables) -> UnitOfWork:
        return UnitOfWork(
            InMemoryVideoRepository(tables),
            InMemoryJobRepository(tables, self._clock),
            InMemoryTranscriptRepository(tables),
        )


def _position(cursor: Cursor) -> tuple[object, str]:
    return (cursor.created_at, cursor.video_id)
