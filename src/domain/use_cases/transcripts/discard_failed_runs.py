"""Discard what failed transcription runs have kept for a retry."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload
from domain.model.jobs.transcription_runs import failed_runs, speech_tracks
from domain.model.videos.video import Video
from domain.ports.database import UnitOfWork
from domain.use_cases.jobs.factory import JobFactory


@dataclass(frozen=True, slots=True)
class DiscardFailedRuns:
    """Discard the transcribed chunks and speech tracks of failed runs when no retry will use them."""

    jobs: JobFactory

    async def __call__(self, work: UnitOfWork, video: Video, jobs: Collection[Job]) -> None:
        """Delete the chunks of the video's dead jobs and queue a job that erases their speech tracks."""
        dead = failed_runs(jobs)
        for job in dead:
            await work.transcripts.delete_chunks(job.id)
        if tracks := tuple(key for job in dead for key in speech_tracks(video, job)):
            await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=tracks)))
