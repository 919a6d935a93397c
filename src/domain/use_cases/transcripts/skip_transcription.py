"""Skip a transcription job when no transcriber is configured."""

from dataclasses import dataclass

from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload
from domain.model.jobs.transcription_runs import speech_tracks
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandler


@dataclass(frozen=True, slots=True)
class SkipTranscription(JobHandler):
    """End a transcription without a new transcript.

    - It handles jobs that were queued before the transcriber was removed from the settings. The stage becomes
      `skipped`, and the video gets the warning `transcription_disabled`.
    """

    database: Database
    clock: Clock
    jobs: JobFactory

    async def __call__(self, job: Job) -> None:
        """Skip the transcription and finish the job."""
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            await self._skip(work, job)

    async def give_up(self, work: UnitOfWork, job: Job, _error: Exception, /) -> None:
        """Skip the transcription as well, because a later attempt could do nothing else."""
        await self._skip(work, job)

    async def _skip(self, work: UnitOfWork, job: Job) -> None:
        now = self.clock.now()
        video = await work.videos.get(job.video_id)
        await work.videos.save(video.transcription_disabled(now=now).settled(now=now))
        await work.transcripts.delete_chunks(job.id)
        await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=speech_tracks(video, job))))
