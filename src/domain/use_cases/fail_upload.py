"""Take a client's word that its upload failed."""

from dataclasses import dataclass

from domain.model.failure import FailureCode
from domain.model.identity import UserId, VideoId
from domain.model.video import Video
from domain.ports.database import Database
from domain.use_cases.close_upload import CloseUpload
from domain.use_cases.send_job import SendJob


@dataclass(frozen=True, slots=True)
class FailUpload:
    """Report that the upload failed.

    - The video becomes `failed`; the client may start again with a new one.
    - Whatever did arrive is erased, now and once more when the presigned URLs have expired.
    - Repeating the call gives the same answer.
    """

    database: Database
    close: CloseUpload
    send: SendJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> Video:
        """Give the upload up.

        Raises:
            VideoNotFound: no such video of this owner.
            Conflict: `imported_video`.
            InvalidTransition: the upload was completed before.
        """
        async with self.database.write() as work:
            video = (await work.videos.get(video_id)).require_owner(owner).require_client()
            if video.is_upload_closed:
                return video
            failed, erasing = await self.close(
                work, video, FailureCode.UPLOAD_FAILED, "The client reported that the upload failed."
            )
        await self.send(erasing)
        return failed
