"""Delete a video and everything that belongs to it."""

from dataclasses import dataclass

from domain.model.ids import UserId, VideoId
from domain.model.retention.retained_objects import erase_all
from domain.model.videos.guards import require_owner
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory


@dataclass(frozen=True, slots=True)
class DeleteVideo:
    """Delete a video with its transcript and all its objects.

    - A video can be deleted in any state. A job that is running for it stops.
    - The video disappears from the API at once. A job erases its objects shortly afterwards, and is repeated if a
      worker dies.
    """

    database: Database
    clock: Clock
    jobs: JobFactory
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> None:
        """Delete the video's rows and queue the erasure of its objects.

        Raises:
            VideoNotFound: the owner has no video with this id.
        """
        async with self.database.read() as work:
            require_owner(await work.videos.get(video_id), owner)
        async with self.database.write() as work:
            # Lock jobs before the video, in the same order as workers do; another order could deadlock.
            await work.jobs.delete_of_video(video_id)
            video = require_owner(await work.videos.get(video_id), owner)
            # `complete` may have added a job in between; with the video locked this is no longer possible.
            await work.jobs.delete_of_video(video_id)
            now = self.clock.now()
            await work.videos.delete(video_id, now=now)
            payload = erase_all(video)
            erasing = await work.jobs.add(self.jobs.new(video_id, payload))
            await work.jobs.add(self.jobs.late_erase(video, payload, now=now))
        await self.dispatch(erasing)
