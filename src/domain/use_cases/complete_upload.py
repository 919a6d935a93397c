"""Take a client's word that the upload is complete, and check it."""

from contextlib import suppress
from dataclasses import dataclass

from domain.model.errors import NotFound, Rejected
from domain.model.failure import FailureCode
from domain.model.identity import UserId, VideoId
from domain.model.multipart import MultipartUpload, PartPlan
from domain.model.video import Video
from domain.ports.database import Database
from domain.ports.multipart_store import MultipartStore, UploadedPart
from domain.use_cases.accept_upload import NOT_A_VIDEO, AcceptUpload
from domain.use_cases.close_upload import CloseUpload
from domain.use_cases.send_job import SendJob

NAMED_PARTS = 20


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    """Report that the upload is complete.

    - The object must be in the bucket with the declared size; if it is absent the client may upload and call again.
    - Parts are joined first. No ETags are needed: the bucket is asked which parts it has. While some are missing, or
      are not as large as they must be, the client may send those and call again.
    - It must begin as a video does. If not, a single PUT may be repeated with the right file; an upload in parts, which
      are joined by then, has failed.
    - The status change and the job to process the video commit together: what was accepted is not lost.
    - Repeating the call gives the same answer and no second job.
    """

    database: Database
    multipart: MultipartStore
    accept: AcceptUpload
    close: CloseUpload
    send: SendJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> Video:
        """Verify the object and owe its processing.

        Raises:
            VideoNotFound: no such video of this owner.
            Rejected: `upload_missing`, `upload_incomplete`, `part_size_mismatch`, `invalid_parts` (one was sent again
                meanwhile), `upload_size_mismatch` or `not_a_video`.
            Conflict: `imported_video`, or `upload_closed`: the upload was given up or cancelled before.
            Unavailable: the bucket or the database did not answer; nothing has changed.
        """
        async with self.database.read() as work:
            video = (await work.videos.get(video_id)).require_owner(owner).require_client().require_open_upload()
        if video.is_uploaded:
            return video
        plan, multipart = video.source.plan, video.source.multipart
        if plan is None or multipart is None:
            return await self.accept(video)
        await self._join(video, multipart, plan)
        return await self._accept_joined(video)

    async def _join(self, video: Video, multipart: MultipartUpload, plan: PartPlan) -> None:
        key = video.source.key
        # Where it is not found it was joined before, or dropped: whether the object is there tells.
        with suppress(NotFound):
            parts = await self.multipart.list_parts(key, multipart.upload_id)
            _check(parts, plan)
            await self.multipart.complete(key, multipart.upload_id, parts)

    async def _accept_joined(self, video: Video) -> Video:
        try:
            return await self.accept(video)
        except Rejected as error:
            if error.code == NOT_A_VIDEO:
                await self._refuse(video.id, error)
            raise

    async def _refuse(self, video_id: VideoId, error: Rejected) -> None:
        async with self.database.write() as work:
            video = await work.videos.get(video_id)
            if video.is_upload_closed or video.is_uploaded:
                return
            _, erasing = await self.close(work, video, FailureCode.NOT_A_VIDEO, error.detail)
        await self.send(erasing)


def _check(parts: list[UploadedPart], plan: PartPlan) -> None:
    sizes = {part.number: part.size_bytes for part in parts}
    if misfits := plan.misfits(sizes):
        raise Rejected(
            f"These parts have not the size that they must have, send them again: {_listed(misfits)}.",
            code="part_size_mismatch",
        )
    if missing := plan.missing(sizes):
        raise Rejected(
            f"{len(missing)} of {plan.count} parts are missing, send them and call again: {_listed(missing)}.",
            code="upload_incomplete",
        )


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:NAMED_PARTS]))
    return shown if len(numbers) <= NAMED_PARTS else f"{shown}, …"
