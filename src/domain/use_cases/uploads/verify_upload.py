"""Verify an uploaded object and queue its processing."""

from dataclasses import dataclass

from domain.model.errors import ObjectNotFound, Rejected
from domain.model.ids import VideoId
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ProcessPayload
from domain.model.uploads.container_sniffing import SNIFF_BYTES, check_container
from domain.model.videos.guards import require_open_upload
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import ObjectInfo, ObjectStore
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory


@dataclass(frozen=True, slots=True)
class VerifyUpload:
    """Accept an object in the bucket as a video's source.

    - The object must have the declared size, or, if none was declared, at most what was signed. It must begin with the
      header of a supported container. ffprobe examines it later, in the worker.
    - The ETag is recorded, because the worker must process exactly this version of the object.
    - The status change and the job that processes the video commit in one transaction, so an accepted upload is not
      lost.
    """

    database: Database
    objects: ObjectStore
    clock: Clock
    jobs: JobFactory
    dispatch: DispatchJob

    async def __call__(self, video: Video) -> Video:
        """Accept the upload; repeating the call returns the same video and queues no second job.

        Raises:
            Rejected: `upload_missing`, `upload_size_mismatch` or `not_a_video`.
            Conflict: `upload_closed`: it was cancelled in the meantime.
            Unavailable: the bucket or the database did not answer; nothing has changed.
        """
        info = await self._checked(video)
        accepted, job = await self._record(video.id, info)
        if job is not None:
            await self.dispatch(job)
        return accepted

    async def _checked(self, video: Video) -> ObjectInfo:
        try:
            peek = await self.objects.peek(video.source.key, length=SNIFF_BYTES)
        except ObjectNotFound as error:
            raise Rejected("The file is not in the bucket; upload it and call again.", code="upload_missing") from error
        if not _has_expected_size(video, peek.info.size_bytes):
            # The object is not deleted: a repeated DELETE could arrive after the client has uploaded the right file.
            raise Rejected(
                f"{peek.info.size_bytes} bytes were uploaded, but {video.source.size_bytes} were declared; "
                "upload the file again.",
                code="upload_size_mismatch",
            )
        check_container(peek.first_bytes)
        return peek.info

    async def _record(self, video_id: VideoId, info: ObjectInfo) -> tuple[Video, Job | None]:
        async with self.database.write() as work:
            video = require_open_upload(await work.videos.get(video_id))
            if video.is_uploaded:
                return video, None
            video = video.with_size(info.size_bytes).uploaded(etag=info.etag, now=self.clock.now())
            await work.videos.save(video)
            return video, await work.jobs.add(self.jobs.new(video_id, ProcessPayload()))


def _has_expected_size(video: Video, size_bytes: int) -> bool:
    if video.source.is_growing:
        return 0 < size_bytes <= video.source.size_bytes
    return size_bytes == video.source.size_bytes
