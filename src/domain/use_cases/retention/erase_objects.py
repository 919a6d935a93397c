"""Erase objects that are no longer needed."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.model.errors import VideoNotFound
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload
from domain.model.object_key import ObjectKey
from domain.model.retention.orphans import is_needed
from domain.model.retention.retained_objects import retained_keys
from domain.ports.database import Database, UnitOfWork
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from domain.use_cases.jobs.handlers import JobHandler


@dataclass(frozen=True, slots=True)
class EraseObjects(JobHandler):
    """Erase the listed objects, and all objects under the listed prefixes except those to keep; abort the uploads.

    - Objects that are already gone are no error, so the job may be repeated.
    - Objects under a prefix that the video needs are kept: a retry may have published them after the job was queued.
    """

    database: Database
    objects: ObjectStore
    multipart: MultipartStore

    async def __call__(self, job: Job) -> None:
        """Erase the objects and finish the job."""
        payload = job.payload_as(ErasePayload)
        # Uploads first: one that is completed at the last moment becomes an object, which is erased next.
        for upload in payload.uploads:
            await self.multipart.abort(upload.key, upload.upload_id)
        for key in [*payload.keys, *await self._erasable_keys(job, payload)]:
            await self.objects.delete(key)
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)

    async def give_up(self, _work: UnitOfWork, _job: Job, _error: Exception, /) -> None:
        """Change nothing: the row of the dead job still lists the objects."""

    async def _erasable_keys(self, job: Job, payload: ErasePayload) -> list[ObjectKey]:
        keys = [key for prefix in payload.prefixes for key in await self.objects.list_keys(prefix)]
        is_needed_key = await self._needed_key_test(job) if keys else _none_needed
        return [key for key in keys if payload.concerns(key) and not is_needed_key(key)]

    async def _needed_key_test(self, job: Job) -> Callable[[ObjectKey], bool]:
        """A test for keys that the video needs.

        A job with `through_fence` erases nothing of a running attempt, so it needs no check for one.
        """
        async with self.database.read() as work:
            try:
                video = await work.videos.get(job.video_id)
            except VideoNotFound:
                return _none_needed
            jobs = await work.jobs.of_video(video.id)
        if job.payload_as(ErasePayload).through_fence is not None:
            return set(retained_keys(video, jobs)).__contains__
        return lambda key: is_needed(key, video, jobs)


def _none_needed(_key: ObjectKey) -> bool:
    return False
