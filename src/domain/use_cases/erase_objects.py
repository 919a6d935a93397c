"""Remove objects that nobody needs any more."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.model.errors import VideoNotFound
from domain.model.job import ErasePayload, Job
from domain.model.leftovers import needed
from domain.model.object_key import ObjectKey
from domain.model.orphans import is_needed
from domain.ports.database import Database, UnitOfWork
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from domain.use_cases.job_handler import JobHandler


@dataclass(frozen=True, slots=True)
class EraseObjects(JobHandler):
    """Erase the named objects, and all under the named prefixes save those to keep; end the named uploads.

    - What is gone already is fine, so the job may be repeated.
    - What its video needs by now stays: the job may be older than a retry that has published since.
    """

    database: Database
    objects: ObjectStore
    multipart: MultipartStore

    async def __call__(self, job: Job) -> None:
        """Erase, and finish the job."""
        payload = job.payload_as(ErasePayload)
        # Uploads first: what is joined in the last moment is an object, and goes with those.
        for upload in payload.uploads:
            await self.multipart.abort(upload.key, upload.upload_id)
        for key in [*payload.keys, *await self._under(job, payload)]:
            await self.objects.delete(key)
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)

    async def give_up(self, _work: UnitOfWork, _job: Job, _error: Exception, /) -> None:
        """Nothing changes for the video; the dead job's row names the objects that are left."""

    async def _under(self, job: Job, payload: ErasePayload) -> list[ObjectKey]:
        keys = [key for prefix in payload.prefixes for key in await self.objects.list_keys(prefix)]
        needs = await self._needs(job) if keys else _nothing
        return [key for key in keys if payload.concerns(key) and not needs(key)]

    async def _needs(self, job: Job) -> Callable[[ObjectKey], bool]:
        """Whether the video needs an object. A job that knows its last fence harms no attempt that is under way."""
        async with self.database.read() as work:
            try:
                video = await work.videos.get(job.video_id)
            except VideoNotFound:
                return _nothing
            jobs = await work.jobs.of_video(video.id)
        if job.payload_as(ErasePayload).through_fence is not None:
            return set(needed(video, jobs)).__contains__
        return lambda key: is_needed(key, video, jobs)


def _nothing(_key: ObjectKey) -> bool:
    return False
