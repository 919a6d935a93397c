"""Say what it means for a video that its speech can't be transcribed."""

from dataclasses import dataclass

from domain.model.errors import TelecineError
from domain.model.job import ErasePayload, Job
from domain.model.leftovers import needed
from domain.model.transcript import TranscriptOrigin
from domain.model.transcription import failed_for_good, skipped
from domain.model.transcription_runs import speech_tracks
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork
from domain.use_cases.job_maker import JobMaker


@dataclass(frozen=True, slots=True)
class FailTranscription:
    """Give a transcription up for good.

    - The stage fails; the video follows as soon as there is something to play, not before.
    - A video that was completed before stays so, with a warning and the transcript that it had.
    - With captions of the owner's own nothing has failed that anybody waits for.
    - The speech track stays as long as a retry could use it.
    """

    clock: Clock
    jobs: JobMaker

    async def __call__(self, work: UnitOfWork, job: Job, error: Exception) -> None:
        """Save what becomes of the video, in the transaction that has buried the job."""
        video = await self._ended(work, await work.videos.get(job.video_id), error)
        await work.videos.save(video)
        still_needed = needed(video, await work.jobs.of_video(video.id))
        unneeded = tuple(key for key in speech_tracks(video, job) if key not in still_needed)
        if unneeded:
            await work.transcripts.delete_chunks(job.id)
            await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=unneeded)))

    async def _ended(self, work: UnitOfWork, video: Video, error: Exception) -> Video:
        now = self.clock.now()
        if await work.transcripts.origin(video.id) is TranscriptOrigin.UPLOADED:
            return skipped(video, now=now)
        # Only what we worded ourselves, so no secret gets in.
        reason = error.detail if isinstance(error, TelecineError) else "An unexpected error; the operator's log has it."
        return failed_for_good(video, reason, now=now)
