"""Make the poster that an owner has chosen."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import LeaseLost, TelecineError
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload, PosterPayload
from domain.model.jobs.poster_jobs import earlier_posters, poster_key
from domain.model.media.content_types import IMAGE_CONTENT_TYPE
from domain.model.object_key import ObjectKey
from domain.model.videos.guards import require_playable
from domain.model.videos.source import PublicationKind, Rendition
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.transcoder import Transcoder
from domain.ports.workspace import Workspace
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandler

IMAGE_BYTES = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class MakePoster(JobHandler):
    """Take a frame of the published video, store it, and publish it in place of the current poster.

    - It is stored under a new key, so that no cache shows the old one. The publication and the end of the job commit
      in one transaction.
    - The old poster is erased when no signed URL of it is valid any more, `old_stays_s` later, together with what lost
      attempts have stored.
    """

    database: Database
    objects: ObjectStore
    transcoder: Transcoder
    workspace: Workspace
    clock: Clock
    jobs: JobFactory
    old_stays_s: float

    async def __call__(self, job: Job) -> None:
        """Make one attempt at the poster."""
        async with self.database.read() as work:
            video = await work.videos.get(job.video_id)
        rendition, key = require_playable(video).main, poster_key(video, job)
        async with self.workspace.folder(needed_bytes=rendition.size_bytes + IMAGE_BYTES) as folder:
            poster = await self._take(job.payload_as(PosterPayload).time_s, rendition, folder)
            await self.objects.upload(poster, key, content_type=IMAGE_CONTENT_TYPE, on_progress=lambda _percent: None)
        try:
            await self._publish(job, key)
        except LeaseLost:
            await self.objects.delete(key)
            raise

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Keep the current poster, say so with a warning and an event, and erase what the attempts have stored."""
        detail = error.detail if isinstance(error, TelecineError) else "An unexpected error; see the server's log."
        video = await work.videos.get(job.video_id)
        await work.videos.save(video.poster_failed(detail, now=self.clock.now()))
        keys = (*earlier_posters(video, job), poster_key(video, job))
        await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=keys)))

    async def _take(self, time_s: float, rendition: Rendition, folder: Path) -> Path:
        source, poster = folder / "source", folder / "poster.jpg"
        info = await self.objects.head(rendition.key)
        await self.objects.download(rendition.key, source, etag=info.etag, on_progress=lambda _percent: None)
        media = await self.transcoder.probe(source, is_rendition=rendition.kind is not PublicationKind.ORIGINAL)
        await self.transcoder.poster(source, poster, media=media, at_s=min(time_s, media.duration_s))
        return poster

    async def _publish(self, job: Job, key: ObjectKey) -> None:
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            video = await work.videos.get(job.video_id)
            old = require_playable(video).poster_key
            await work.videos.save(video.poster_replaced(key, now=self.clock.now()))
            unneeded = (*(() if old is None else (old,)), *earlier_posters(video, job))
            if unneeded:
                erasing = self.jobs.new(video.id, ErasePayload(keys=unneeded), delay_s=self.old_stays_s)
                await work.jobs.add(erasing)
