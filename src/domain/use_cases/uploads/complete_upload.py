"""Verify an upload that a client reports complete, and queue its processing."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from domain.model.errors import NotFound, Rejected
from domain.model.failure import FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.uploads.container_sniffing import NOT_A_VIDEO
from domain.model.uploads.multipart import GrowingPlan, MultipartUpload, PartPlan
from domain.model.videos.guards import require_client, require_open_upload, require_owner
from domain.model.videos.video import Video
from domain.ports.database import Database
from domain.ports.multipart_store import MultipartStore
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.uploads.abort_upload import AbortUpload
from domain.use_cases.uploads.verify_upload import VerifyUpload

MAX_LISTED_PARTS = 20


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    """Report that the upload is complete.

    - The object must be in the bucket with the declared size. If it is absent, upload the file and call again.
    - The parts of a multipart upload are joined first. The client sends no ETags, because the server lists the parts
      itself. If parts are missing or have the wrong size, send them and call again.
    - Without a declared size, the parts in the bucket are the file: they must be numbered from 1 without a gap, and all
      except the last must have `part_size` bytes.
    - The file must begin with the header of a supported container. If it does not, a single PUT can be repeated with
      the right file; a multipart upload fails, because its parts are already joined.
    - The status change and the job that processes the video commit in one transaction, so an accepted upload is not
      lost.
    - Repeating the call gives the same answer and queues no second job.
    """

    database: Database
    multipart: MultipartStore
    verify: VerifyUpload
    abort: AbortUpload
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> Video:
        """Verify the object and queue its processing.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Rejected: `upload_missing`, `upload_incomplete`, `part_size_mismatch`, `invalid_parts` (a part was sent
                again in the meantime), `upload_size_mismatch` or `not_a_video`.
            Conflict: `imported_video`, or `upload_closed`: the upload has failed, was cancelled or has expired.
            Unavailable: the bucket or the database did not answer; nothing has changed.
        """
        async with self.database.read() as work:
            video = require_owner(await work.videos.get(video_id), owner)
        require_open_upload(require_client(video))
        if video.is_uploaded:
            return video
        plan, multipart = video.source.layout, video.source.multipart
        if plan is None or multipart is None:
            return await self.verify(video)
        await self._join(video, multipart, plan)
        return await self._verify_joined(video)

    async def _join(self, video: Video, multipart: MultipartUpload, plan: PartPlan | GrowingPlan) -> None:
        key = video.source.key
        # If the upload is not found, it was completed or aborted before; verifying the object shows which.
        with suppress(NotFound):
            parts = await self.multipart.list_parts(key, multipart.upload_id)
            sizes = {part.number: part.size_bytes for part in parts}
            _check(sizes, plan)
            if isinstance(plan, GrowingPlan) and sum(sizes.values()) > video.source.size_bytes:
                raise _wrong_size([max(sizes)])  # The bucket accepted more than the signed size.
            await self.multipart.complete(key, multipart.upload_id, parts)

    async def _verify_joined(self, video: Video) -> Video:
        try:
            return await self.verify(video)
        except Rejected as error:
            if error.code == NOT_A_VIDEO:
                await self._fail(video.id, error)
            raise

    async def _fail(self, video_id: VideoId, error: Rejected) -> None:
        async with self.database.write() as work:
            video = await work.videos.get(video_id)
            if video.is_upload_closed or video.is_uploaded:
                return
            _, erasing = await self.abort(work, video, FailureCode.NOT_A_VIDEO, error.detail)
        await self.dispatch(erasing)


def _check(sizes: Mapping[int, int], plan: PartPlan | GrowingPlan) -> None:
    if wrong_sizes := plan.wrong_sizes(sizes):
        raise _wrong_size(wrong_sizes)
    if missing := plan.missing(sizes):
        count = plan.count or max(sizes, default=1)
        raise Rejected(
            f"{len(missing)} of {count} parts are missing; send them and call again: {_listed(missing)}.",
            code="upload_incomplete",
        )


def _wrong_size(numbers: list[int]) -> Rejected:
    return Rejected(f"These parts have the wrong size; send them again: {_listed(numbers)}.", code="part_size_mismatch")


def _listed(numbers: list[int]) -> str:
    listed = ", ".join(map(str, numbers[:MAX_LISTED_PARTS]))
    return listed if len(numbers) <= MAX_LISTED_PARTS else f"{listed}, …"
