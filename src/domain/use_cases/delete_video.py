"""Delete a video and everything of it."""

from dataclasses import dataclass

from domain.model.identity import UserId, VideoId
from domain.model.leftovers import everything
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob


@dataclass(frozen=True, slots=True)
class DeleteVideo:
    """Delete a video: its row, its transcript and every object.

    - It works at any moment; running work finds its lease gone and stops.
    - The video is gone from the API at once; its objects follow within moments, even if a worker dies.
    """

    database: Database
    clock: Clock
    jobs: JobMaker
    send: SendJob

    async def __call__(self, owner: UserId, video_id: VideoId) -> None:
        """Forget the video and owe the erasing of its objects.

        Raises:
            VideoNotFound: no such video of this owner.
        """
        async with self.database.read() as work:
            (await work.videos.get(video_id)).require_owner(owner)
        async with self.database.write() as work:
            # Jobs before the video, as workers take them: two that wait for each other would both fail.
            await work.jobs.delete_of_video(video_id)
            video = (await work.videos.get(video_id)).require_owner(owner)
            # Meanwhile `complete` may have added one; from here on nobody can.
            await work.jobs.delete_of_video(video_id)
            await work.videos.delete(video_id)
            unwanted = everything(video)
            erasing = await work.jobs.add(self.jobs.new(video_id, unwanted))
            await work.jobs.add(self.jobs.late_erase(video, unwanted, now=self.clock.now()))
        await self.send(erasing)
