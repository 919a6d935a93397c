"""Hold an upload that goes through this process, as a worker holds its job."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from domain.model.errors import Unavailable, VideoNotFound
from domain.model.failure import FailureCode
from domain.model.identity import VideoId
from domain.model.job import Job
from domain.model.lifecycle import VideoStatus
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.close_upload import CloseUpload
from domain.use_cases.send_job import SendJob

LEASE_S = 60
RENEW_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class HoldUpload:
    """Tells whether the process that receives an upload lives.

    - While it does, it says so again and again, however long the upload takes: nobody else may take its request over.
    - Once it has been silent for the lease, it is taken for dead. Whoever sends the request again closes the upload
      first; should the old process live after all, its upload is refused as closed, so that only one is ever accepted.
    """

    database: Database
    clock: Clock
    close: CloseUpload
    send: SendJob

    @asynccontextmanager
    async def held(self, video: Video) -> AsyncGenerator[None]:
        """Hold the video's upload for as long as the caller works on it; the lease itself begins with the video."""
        renewal = asyncio.create_task(self._keep(video.id))
        try:
            yield
        finally:
            renewal.cancel()
            # An error that ended it before is left to the event loop, which logs what nobody has asked for.
            await asyncio.wait({renewal})

    async def has_let_go(self, video: Video) -> bool:
        """Whether nothing will come of the upload any more; its idempotency key is free then.

        Raises:
            VideoNotFound: it was deleted meanwhile.
            Unavailable: the database did not answer.
        """
        is_over, erasing = await self._ended(video.id)
        if erasing is not None:
            await self.send(erasing)
        return is_over

    async def _ended(self, video_id: VideoId) -> tuple[bool, Job | None]:
        async with self.database.write() as work:
            video, now, erasing = await work.videos.get(video_id), self.clock.now(), None
            if video.is_silent_upload(heard_before=now, now=now):
                lost = "The server that received the upload was lost; send the file again."
                video, erasing = await self.close(work, video, FailureCode.UPLOAD_FAILED, lost)
            if not video.is_upload_closed:
                return False, None
            await work.idempotency_keys.forget_video(video_id)
            return True, erasing

    async def _keep(self, video_id: VideoId) -> None:
        is_held = True
        while is_held:
            await self.clock.sleep(RENEW_EVERY_S)
            # The database may be back before the lease runs out; if not, the upload is refused in the end.
            with suppress(Unavailable):
                is_held = await self._renewed(video_id)

    async def _renewed(self, video_id: VideoId) -> bool:
        async with self.database.write() as work:
            try:
                video = await work.videos.get(video_id)
            except VideoNotFound:
                return False
            if video.status is not VideoStatus.UPLOADING:
                return False
            now = self.clock.now()
            await work.videos.save(video.signed_until(now + timedelta(seconds=LEASE_S), now=now))
            return True
