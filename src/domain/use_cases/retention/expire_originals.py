"""Erase kept originals whose days are over."""

from dataclasses import dataclass

from domain.model.errors import VideoNotFound
from domain.model.ids import VideoId
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.videos.every_page import PAGE_SIZE, every_page


@dataclass(frozen=True, slots=True)
class ExpireOriginals:
    """Erase the originals that were kept beside their renditions for a number of days, once these are over.

    - The database's clock decides.
    - The video forgets its original in the transaction that queues the job that erases it, so the original is neither
      served nor counted from then on.
    - Any number of processes may run this at once: each video is checked again under a lock.
    """

    database: Database
    clock: Clock
    jobs: JobFactory
    dispatch: DispatchJob

    async def __call__(self) -> list[Video]:
        """Erase the overdue originals and return their videos as they were."""
        return [video for video in await self.overdue() if await self._expire(video)]

    async def overdue(self) -> list[Video]:
        """The videos whose original would be erased now."""
        return await every_page(self._page)

    async def _page(self, after: VideoId | None) -> list[Video]:
        async with self.database.read() as work:
            return await work.videos.expired_originals(limit=PAGE_SIZE, after=after)

    async def _expire(self, video: Video) -> bool:
        job = await self._forget(video)
        if job is not None:
            await self.dispatch(job)
        return job is not None

    async def _forget(self, found: Video) -> Job | None:
        """Return the job that erases the original; None if another process was faster or the video is gone."""
        expired = None if found.publication is None else found.publication.original
        async with self.database.write() as work:
            try:
                video = await work.videos.get(found.id)
            except VideoNotFound:
                return None
            current = None if video.publication is None else video.publication.original
            if current is None or current != expired:
                return None
            await work.videos.save(video.without_original(now=self.clock.now()))
            return await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=(current.key,))))
