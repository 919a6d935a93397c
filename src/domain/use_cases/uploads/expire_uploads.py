"""End uploads that were never reported complete."""

from dataclasses import dataclass
from datetime import timedelta

from domain.model.errors import VideoNotFound
from domain.model.failure import FailureCode
from domain.model.ids import VideoId
from domain.model.jobs.job import Job, JobState
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.uploads.abort_upload import AbortUpload
from domain.use_cases.videos.every_page import PAGE_SIZE, every_page


@dataclass(frozen=True, slots=True)
class ExpireUploads:
    """Expire uploads whose client has sent no request for `after_s` and whose URLs have all expired.

    - A multipart upload stays open as long as its client requests URLs; an import stays open while a worker runs it.
    - The video becomes `failed` with the code `upload_expired`; its parts and objects are erased.
    - Any number of processes may run this at once, also during uploads: each video is checked again under a lock.
    """

    database: Database
    clock: Clock
    abort: AbortUpload
    dispatch: DispatchJob
    after_s: float

    async def __call__(self) -> list[Video]:
        """Expire the overdue uploads and return their videos."""
        return [video for video in await self.overdue() if await self._expire(video.id)]

    async def overdue(self) -> list[Video]:
        """The videos whose upload would be expired now."""
        return await every_page(self._page)

    async def _page(self, after: VideoId | None) -> list[Video]:
        now = self.clock.now()
        async with self.database.read() as work:
            return await work.videos.stale_uploads(
                updated_before=now - timedelta(seconds=self.after_s), expired_before=now, limit=PAGE_SIZE, after=after
            )

    async def _expire(self, video_id: VideoId) -> bool:
        job = await self._abort(video_id)
        if job is not None:
            await self.dispatch(job)
        return job is not None

    async def _abort(self, video_id: VideoId) -> Job | None:
        """Return the job that erases what has arrived; None if the client is active again or the video is gone."""
        now = self.clock.now()
        async with self.database.write() as work:
            try:
                video = await work.videos.get(video_id)
            except VideoNotFound:
                return None
            if not video.is_silent_upload(updated_before=now - timedelta(seconds=self.after_s), now=now):
                return None
            if video.is_imported and await _has_running_job(work, video_id):
                return None
            _, job = await self.abort(work, video, FailureCode.UPLOAD_EXPIRED, _reason(video))
            return job


async def _has_running_job(work: UnitOfWork, video_id: VideoId) -> bool:
    return any(job.state is JobState.RUNNING for job in await work.jobs.of_video(video_id))


def _reason(video: Video) -> str:
    if video.is_imported:
        return "No worker imported the video in time."
    return "The upload was not reported complete in time."
