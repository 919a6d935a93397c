"""Remove objects that nobody needs any more."""

from dataclasses import dataclass

from domain.model.job import ErasePayload, Job
from domain.model.object_key import ObjectKey
from domain.ports.database import Database, UnitOfWork
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from domain.use_cases.job_handler import JobHandler


@dataclass(frozen=True, slots=True)
class EraseObjects(JobHandler):
    """Erase the named objects, and all under the named prefixes save those to keep; end the named uploads.

    - What is gone already is fine, so the job may be repeated.
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
        for key in [*payload.keys, *await self._under(payload)]:
            await self.objects.delete(key)
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)

    async def give_up(self, _work: UnitOfWork, _job: Job, _error: Exception, /) -> None:
        """Nothing changes for the video; the dead job's row names the objects that are left."""

    async def _under(self, payload: ErasePayload) -> list[ObjectKey]:
        keys = [key for prefix in payload.prefixes for key in await self.objects.list_keys(prefix)]
        return [key for key in keys if payload.concerns(key)]
