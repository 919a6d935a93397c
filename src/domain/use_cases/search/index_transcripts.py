"""Add stored transcripts to the search index."""

from contextlib import suppress
from dataclasses import dataclass

from domain.model.errors import TranscriptNotFound, VideoNotFound
from domain.model.ids import VideoId
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import NO_VIDEO, IndexPayload
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandler

BATCH = 100
SCHEDULE = "index"


@dataclass(frozen=True, slots=True)
class IndexTranscripts(JobHandler):
    """Add one batch of the transcripts that the search index misses; another job follows if there may be more.

    - Each transcript is one short transaction under the lock of its video, so uploads and transcriptions go on, and a
      transcript that is saved at the same time is not overwritten by an older one.
    - A repetition continues with what is missing.
    """

    database: Database
    jobs: JobFactory
    dispatch: DispatchJob

    async def __call__(self, job: Job) -> None:
        """Index the batch, and finish the job."""
        async with self.database.read() as work:
            batch = await work.transcript_index.missing(limit=BATCH, after=job.payload_as(IndexPayload).after)
        for video_id in batch:
            async with self.database.write() as work:
                await _index(work, video_id)
        await self._finish(job, batch)

    async def give_up(self, _work: UnitOfWork, _job: Job, _error: Exception, /) -> None:
        """Change nothing: a later clean-up finds what is still missing."""

    async def _finish(self, job: Job, batch: list[VideoId]) -> None:
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            # As long as batches follow one another, no clean-up starts another sequence of jobs.
            await work.schedule.try_acquire(SCHEDULE, every_s=0.0)
            following = await self._add_next(work, batch[-1]) if len(batch) == BATCH else None
        if following is not None:
            await self.dispatch(following)

    async def _add_next(self, work: UnitOfWork, last: VideoId) -> Job:
        return await work.jobs.add(self.jobs.new(NO_VIDEO, IndexPayload(after=last)))


async def _index(work: UnitOfWork, video_id: VideoId) -> None:
    with suppress(VideoNotFound, TranscriptNotFound):  # Deleted in the meantime.
        await work.videos.get(video_id)
        await work.transcript_index.add(await work.transcripts.get(video_id))
