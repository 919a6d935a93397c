"""Fail an upload that a client reports as failed."""

from dataclasses import dataclass

from domain.model.failure import FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_client, require_owner
from domain.model.videos.video import Video
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.uploads.abort_upload import AbortUpload


@dataclass(frozen=True, slots=True)
class ReportFailedUpload:
    """Report that the upload failed.

    - The video becomes `failed`. To upload again, request a new video.
    - Everything that has arrived is erased, and erased again after the presigned URLs have expired.
    - Repeating the call gives the same answer.
    """

    database: Database
    abort: AbortUpload
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> Video:
        """Close the upload as failed.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `imported_video`.
            InvalidTransition: the upload has already been completed.
        """
        async with self.database.write() as work:
            video = require_client(require_owner(await work.videos.get(video_id), owner))
            if video.is_upload_closed:
                return video
            failed, erasing = await self.abort(
                work, video, FailureCode.UPLOAD_FAILED, "The client reported that the upload failed."
            )
        await self.dispatch(erasing)
        return failed
