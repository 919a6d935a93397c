"""Cancel an upload."""

from dataclasses import dataclass

from domain.model.errors import Conflict
from domain.model.failure import FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.jobs.job import Job
from domain.model.videos.guards import UPLOAD_CLOSED, require_cancellable, require_owner
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.uploads.abort_upload import AbortUpload


@dataclass(frozen=True, slots=True)
class CancelUpload:
    """Cancel an upload.

    - An upload can be cancelled until processing begins. After that, delete the video instead.
    - The video becomes `failed` with the code `upload_cancelled`, and everything that has arrived is erased.
    - Repeating the call gives the same answer.
    """

    database: Database
    abort: AbortUpload
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> None:
        """Cancel the upload; one that has already ended stays as it is.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `processing_begun`.
        """
        async with self.database.read() as work:
            require_owner(await work.videos.get(video_id), owner)
        try:
            erasing = await self._cancel(video_id)
        except Conflict as error:
            if error.code != UPLOAD_CLOSED:
                raise
        else:
            await self.dispatch(erasing)

    async def _cancel(self, video_id: VideoId) -> Job:
        async with self.database.write() as work:
            # Lock jobs before the video, in the same order as workers do; another order could deadlock.
            await work.jobs.delete_of_video(video_id)
            video = require_cancellable(await work.videos.get(video_id))
            # `complete` may have added a job in between; with the video locked this is no longer possible.
            await work.jobs.delete_of_video(video_id)
            _, erasing = await self.abort(work, video, FailureCode.UPLOAD_CANCELLED, "The client cancelled the upload.")
            return erasing
