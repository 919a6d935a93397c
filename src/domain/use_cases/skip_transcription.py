"""Settle a transcription that nobody is there to do."""

from dataclasses import dataclass

from domain.model.job import ErasePayload, Job
from domain.model.transcription_runs import speech_tracks
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.job_handler import JobHandler
from domain.use_cases.job_maker import JobMaker


@dataclass(frozen=True, slots=True)
class SkipTranscription(JobHandler):
    """Let a video go without a (new) transcript.

    - A transcription that was owed before the transcriber was taken out of the settings ends here, with a warning.
    """

    database: Database
    clock: Clock
    jobs: JobMaker

    async def __call__(self, job: Job) -> None:
        """Skip, and finish the job."""
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            await self._skip(work, job)

    async def give_up(self, work: UnitOfWork, job: Job, _error: Exception, /) -> None:
        """The same: there is nothing to wait for."""
        await self._skip(work, job)

    async def _skip(self, work: UnitOfWork, job: Job) -> None:
        now = self.clock.now()
        video = await work.videos.get(job.video_id)
        await work.videos.save(video.without_transcription(now=now).settled(now=now))
        await work.transcripts.delete_chunks(job.id)
        await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=speech_tracks(video, job))))
