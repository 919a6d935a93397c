"""The lease that a process holds on an upload it receives, as a worker holds a lease on its job."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from domain.model.errors import Unavailable, VideoNotFound
from domain.model.failure import FailureCode
from domain.model.ids import VideoId
from domain.model.jobs.job import Job
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.uploads.abort_upload import AbortUpload

LEASE_S = 60
RENEW_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class UploadLease:
    """A lease that shows whether the process that receives an upload is alive.

    - The process renews the lease every 15 s during the whole upload, so no repeated request can replace it.
    - When the lease has expired, the process counts as dead: a repeated request closes the old upload first. If the old
      process is still alive, its upload is then refused, so at most one upload is accepted.
    """

    database: Database
    clock: Clock
    abort: AbortUpload
    dispatch: DispatchJob

    @asynccontextmanager
    async def held(self, video: Video) -> AsyncGenerator[None]:
        """Renew the lease until the block ends; creating the video has set the first one."""
        renewal = asyncio.create_task(self._renew_until_closed(video.id))
        try:
            yield
        finally:
            renewal.cancel()
            # An error that ended the renewal earlier is not raised here: the event loop logs it as never retrieved.
            await asyncio.wait({renewal})

    async def has_ended(self, video: Video) -> bool:
        """Whether the upload has ended without success; its idempotency key can then be used again.

        An upload whose lease has expired is closed by this call.

        Raises:
            VideoNotFound: the video has been deleted.
            Unavailable: the database did not answer.
        """
        has_ended, erasing = await self._abort_if_expired(video.id)
        if erasing is not None:
            await self.dispatch(erasing)
        return has_ended

    async def _abort_if_expired(self, video_id: VideoId) -> tuple[bool, Job | None]:
        async with self.database.write() as work:
            video, now, erasing = await work.videos.get(video_id), self.clock.now(), None
            if video.is_silent_upload(updated_before=now, now=now):
                reason = "The server that received the upload stopped; send the file again."
                video, erasing = await self.abort(work, video, FailureCode.UPLOAD_FAILED, reason)
            if not video.is_upload_closed:
                return False, None
            await work.idempotency_keys.delete_of_video(video_id)
            return True, erasing

    async def _renew_until_closed(self, video_id: VideoId) -> None:
        is_held = True
        while is_held:
            await self.clock.sleep(RENEW_EVERY_S)
            # The database may be back before the lease expires; if not, the upload is refused when it completes.
            with suppress(Unavailable):
                is_held = await self._renew(video_id)

    async def _renew(self, video_id: VideoId) -> bool:
        async with self.database.write() as work:
            try:
                video = await work.videos.get(video_id)
            except VideoNotFound:
                return False
            if video.status is not VideoStatus.UPLOADING:
                return False
            now = self.clock.now()
            await work.videos.save(video.upload_extended(now + timedelta(seconds=LEASE_S), now=now))
            return True
