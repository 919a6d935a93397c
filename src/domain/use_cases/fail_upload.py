"""Take a client's word that its upload failed."""

from dataclasses import dataclass

from domain.model.failure import Failure, FailureCode
from domain.model.identity import UserId, VideoId
from domain.model.job import ErasePayload
from domain.model.lifecycle import VideoStatus
from domain.model.stage import StageName
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob


@dataclass(frozen=True, slots=True)
class FailUpload:
    """Report that the upload failed.

    - The video becomes `failed`; the client may start again with a new one.
    - Whatever did arrive is erased, now and once more when the presigned URL has expired.
    - Repeating the call gives the same answer.
    """

    database: Database
    clock: Clock
    jobs: JobMaker
    send: SendJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> Video:
        """Give the upload up.

        Raises:
            VideoNotFound: no such video of this owner.
            InvalidTransition: the upload was completed before.
        """
        async with self.database.write() as work:
            video = (await work.videos.get(video_id)).require_owner(owner)
            if video.status is VideoStatus.FAILED and not video.is_uploaded:
                return video
            now = self.clock.now()
            failed = video.upload_failed(_failure(), now=now)
            await work.videos.save(failed)
            source = ErasePayload(keys=(video.source.key,))
            erasing = await work.jobs.add(self.jobs.new(video.id, source))
            await work.jobs.add(self.jobs.late_erase(video, source, now=now))
        await self.send(erasing)
        return failed


def _failure() -> Failure:
    return Failure(StageName.UPLOAD, FailureCode.UPLOAD_FAILED, "The client reported that the upload failed.")
