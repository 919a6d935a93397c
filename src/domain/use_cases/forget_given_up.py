"""Forget what transcriptions that were given up have left."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.model.job import ErasePayload, Job
from domain.model.transcription_runs import given_up, speech_tracks
from domain.model.video import Video
from domain.ports.database import UnitOfWork
from domain.use_cases.job_maker import JobMaker


@dataclass(frozen=True, slots=True)
class ForgetGivenUp:
    """Do away with what a retry would have used, when there will be none: the chunks that were heard, the tracks."""

    jobs: JobMaker

    async def __call__(self, work: UnitOfWork, video: Video, jobs: Collection[Job]) -> None:
        """Forget the chunks of the video's dead jobs, and owe the erasing of their tracks."""
        dead = given_up(jobs)
        for job in dead:
            await work.transcripts.delete_chunks(job.id)
        if tracks := tuple(key for job in dead for key in speech_tracks(video, job)):
            await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=tracks)))
