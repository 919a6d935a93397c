"""Store what was made and let it be played."""

from dataclasses import dataclass, replace

from domain.model.errors import LeaseLost, Unavailable
from domain.model.job import ErasePayload, Job
from domain.model.leftovers import leftovers
from domain.model.object_key import DerivedKeys, ObjectKey
from domain.model.stage import StageName
from domain.model.video import Publication, Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore, OnProgress
from domain.use_cases.compress_source import Rendition
from domain.use_cases.issue_playback import POSTER_CONTENT_TYPE
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob
from domain.use_cases.video_progress import VideoProgress

RENDITION_CONTENT_TYPE = "video/mp4"


@dataclass(frozen=True, slots=True)
class PublishVideo:
    """Publish a rendition, or the original where there is none.

    - The bucket must hold every byte of the rendition before the video says so.
    - Publication, the end of the job, and the job that erases the original commit together.
    - The original is erased once more when its presigned URL has expired; a kept original never.
    - What earlier attempts stored and nobody needs is erased too.
    """

    database: Database
    objects: ObjectStore
    clock: Clock
    jobs: JobMaker
    send: SendJob
    progress: VideoProgress

    async def __call__(self, job: Job, video: Video, rendition: Rendition | None) -> None:
        """Publish, and finish the job."""
        async with self.progress.stage(job, StageName.PUBLISH) as on_progress:
            publication = await self._stored(job, video, rendition, on_progress)
        try:
            erasing = await self._commit(job, publication)
        except LeaseLost:
            await self._withdraw(publication)
            raise
        await self.send(erasing)

    async def _stored(
        self, job: Job, video: Video, rendition: Rendition | None, on_progress: OnProgress
    ) -> Publication:
        if rendition is None:
            source = video.source
            return Publication(source.key, source.content_type, source.size_bytes, is_original=True)
        keys = DerivedKeys(video.owner, video.id, job.fence)
        if rendition.poster is not None:
            await self.objects.upload(
                rendition.poster, keys.poster, content_type=POSTER_CONTENT_TYPE, on_progress=lambda _percent: None
            )
        await self._store(rendition, keys.rendition, on_progress)
        return Publication(
            keys.rendition,
            RENDITION_CONTENT_TYPE,
            rendition.media.size_bytes,
            is_original=False,
            poster_key=keys.poster if rendition.poster is not None else None,
        )

    async def _store(self, rendition: Rendition, key: ObjectKey, on_progress: OnProgress) -> None:
        stored = await self.objects.upload(
            rendition.path, key, content_type=RENDITION_CONTENT_TYPE, on_progress=on_progress
        )
        if stored.size_bytes != rendition.media.size_bytes:
            raise Unavailable(
                f"The bucket has {stored.size_bytes} of {rendition.media.size_bytes} bytes.", code="upload_incomplete"
            )

    async def _commit(self, job: Job, publication: Publication) -> Job:
        now = self.clock.now()
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            video = (await work.videos.get(job.video_id)).published(publication, now=now).settled(now=now)
            await work.videos.save(video)
            unneeded = leftovers(video, await work.jobs.of_video(video.id))
            if not publication.is_original:
                source = ErasePayload(keys=(video.source.key,))
                await work.jobs.add(self.jobs.late_erase(video, source, now=now))
                unneeded = replace(unneeded, keys=source.keys)
            return await work.jobs.add(self.jobs.new(video.id, unneeded))

    async def _withdraw(self, publication: Publication) -> None:
        """The video was deleted, or is another worker's: nobody will ever ask for these objects."""
        if not publication.is_original:
            await self.objects.delete(publication.key)
            if publication.poster_key is not None:
                await self.objects.delete(publication.poster_key)
