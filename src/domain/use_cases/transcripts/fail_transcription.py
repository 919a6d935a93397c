"""Update a video whose transcription has failed permanently."""

from dataclasses import dataclass

from domain.model.errors import TelecineError
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload
from domain.model.jobs.transcription_runs import speech_tracks
from domain.model.retention.retained_objects import retained_keys
from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork
from domain.use_cases.jobs.factory import JobFactory


@dataclass(frozen=True, slots=True)
class FailTranscription:
    """Record that a transcription has failed permanently.

    - The stage fails. The video fails too, but only after it has become playable.
    - A completed video stays completed and keeps its transcript, with a warning.
    - If the owner has uploaded captions, the stage becomes `skipped` and nothing fails.
    - The speech track is kept as long as a retry can use it.
    """

    clock: Clock
    jobs: JobFactory

    async def __call__(self, work: UnitOfWork, job: Job, error: Exception) -> None:
        """Save the video in the transaction that has buried the job."""
        video = await self._fail(work, await work.videos.get(job.video_id), error)
        await work.videos.save(video)
        still_needed = retained_keys(video, await work.jobs.of_video(video.id))
        unneeded = tuple(key for key in speech_tracks(video, job) if key not in still_needed)
        if unneeded:
            await work.transcripts.delete_chunks(job.id)
            await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=unneeded)))

    async def _fail(self, work: UnitOfWork, video: Video, error: Exception) -> Video:
        now = self.clock.now()
        if await work.transcripts.origin(video.id) is TranscriptOrigin.UPLOADED:
            return video.transcription_skipped(now=now)
        # Only the texts of Telecine's errors are stored, because others may contain a secret.
        reason = error.detail if isinstance(error, TelecineError) else "An unexpected error; see the server's log."
        return video.transcription_failed(reason, now=now)
