"""Take a client's word that the upload is complete, and check it."""

from dataclasses import dataclass

from domain.model.errors import InvalidTransition, ObjectNotFound, Rejected
from domain.model.identity import UserId, VideoId
from domain.model.job import Job, ProcessPayload
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import ObjectInfo, ObjectStore
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    """Report that the upload is complete.

    - The object must be in the bucket with the declared size; if it is absent the client may upload and call again.
    - An object of another size is refused; the client may upload again, which replaces it, and call again.
    - The status change and the job to process the video commit together: what was accepted is not lost.
    - Repeating the call gives the same answer and no second job.
    """

    database: Database
    objects: ObjectStore
    clock: Clock
    jobs: JobMaker
    send: SendJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> Video:
        """Verify the object and owe its processing.

        Raises:
            VideoNotFound: no such video of this owner.
            Rejected: `upload_missing` or `upload_size_mismatch`.
            InvalidTransition: the upload was given up before.
            Unavailable: the bucket or the database did not answer; nothing has changed.
        """
        async with self.database.read() as work:
            video = (await work.videos.get(video_id)).require_owner(owner)
        if video.is_uploaded:
            return video
        if video.status.is_terminal:
            raise InvalidTransition("This upload was given up; start a new one.", code="upload_closed")
        info = await self._verified(video)
        video, job = await self._accept(video_id, info)
        if job is not None:
            await self.send(job)
        return video

    async def _verified(self, video: Video) -> ObjectInfo:
        try:
            info = await self.objects.head(video.source.key)
        except ObjectNotFound as error:
            raise Rejected("The file is not in the bucket; upload it and call again.", code="upload_missing") from error
        if info.size_bytes != video.source.size_bytes:
            # It is not deleted: that call might be repeated on the way, and arrive after the right file has.
            raise Rejected(
                f"{info.size_bytes} bytes were uploaded, {video.source.size_bytes} declared; upload the file again.",
                code="upload_size_mismatch",
            )
        return info

    async def _accept(self, video_id: VideoId, info: ObjectInfo) -> tuple[Video, Job | None]:
        async with self.database.write() as work:
            video = await work.videos.get(video_id)
            if video.is_uploaded:
                return video, None
            video = video.uploaded(etag=info.etag, now=self.clock.now())
            await work.videos.save(video)
            return video, await work.jobs.add(self.jobs.new(video_id, ProcessPayload()))
