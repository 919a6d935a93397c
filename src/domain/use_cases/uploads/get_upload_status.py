"""Report how much of an upload is in the bucket."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.model.errors import NotFound, ObjectNotFound
from domain.model.ids import UserId, VideoId
from domain.model.uploads.multipart import MultipartUpload
from domain.model.videos.guards import require_owner
from domain.model.videos.video import Video
from domain.ports.database import Database
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How much of an upload is in the bucket; `parts` maps each stored part's number to its size in bytes.

    `etags` maps it to the bucket's ETag, as long as the parts are not joined.
    """

    video: Video
    received_bytes: int
    parts: dict[int, int]
    etags: Mapping[int, str] = field(default_factory=dict[int, str])

    @property
    def missing_parts(self) -> list[int]:
        """The numbers of the parts that are absent or have the wrong size; all of them once the upload is closed."""
        plan = self.video.source.layout
        if plan is None:
            return []
        return sorted({*plan.missing(self.parts), *filter(plan.has, plan.wrong_sizes(self.parts))})


@dataclass(frozen=True, slots=True)
class GetUploadStatus:
    """Get the progress of an upload.

    - The progress is read from the bucket, so any client of the same user can resume it with the video's id alone.
    - Of an upload without a declared size, `file_size` and `part_count` are null, and `missing_parts` are the gaps
      before the last part that was received.
    - Send the `missing_parts` in any order. When the list is empty, report the upload complete.
    - An upload that was cancelled, failed or expired has `received_bytes` 0, and every part is missing.
    """

    database: Database
    objects: ObjectStore
    multipart: MultipartStore

    async def __call__(self, owner: UserId, video_id: VideoId) -> UploadProgress:
        """The progress that the bucket reports.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Unavailable: the bucket did not answer.
        """
        async with self.database.read() as work:
            video = require_owner(await work.videos.get(video_id), owner)
        if video.is_upload_closed:
            return UploadProgress(video, 0, {})
        if video.is_uploaded:
            return _complete_progress(video)
        multipart = video.source.multipart
        return await (self._single(video) if multipart is None else self._in_parts(video, multipart))

    async def _single(self, video: Video) -> UploadProgress:
        return UploadProgress(video, await self._size(video), {})

    async def _in_parts(self, video: Video, multipart: MultipartUpload) -> UploadProgress:
        try:
            parts = await self.multipart.list_parts(video.source.key, multipart.upload_id)
        except NotFound:
            # The parts were joined, but the response was lost; or the multipart upload was aborted.
            size_bytes = await self._size(video)
            is_joined = size_bytes > 0 if video.source.is_growing else size_bytes == video.source.size_bytes
            return _complete_progress(video.with_size(size_bytes)) if is_joined else UploadProgress(video, 0, {})
        sizes = {part.number: part.size_bytes for part in parts}
        etags = {part.number: part.etag for part in parts}
        return UploadProgress(video, sum(sizes.values()), sizes, etags)

    async def _size(self, video: Video) -> int:
        try:
            return (await self.objects.head(video.source.key)).size_bytes
        except ObjectNotFound:
            return 0


def _complete_progress(video: Video) -> UploadProgress:
    plan = video.source.plan
    parts = {} if plan is None else {number: plan.size_of(number) for number in plan.numbers}
    return UploadProgress(video, video.source.size_bytes, parts)
