"""End an upload without success."""

from dataclasses import dataclass

from domain.model.failure import Failure, FailureCode
from domain.model.jobs.job import Job
from domain.model.retention.retained_objects import erase_all
from domain.model.stage import StageName
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork
from domain.use_cases.jobs.factory import JobFactory


@dataclass(frozen=True, slots=True)
class AbortUpload:
    """Fails a video and queues two erasures of what has arrived: now, and when no upload URL can still be in use."""

    clock: Clock
    jobs: JobFactory

    async def __call__(self, work: UnitOfWork, video: Video, code: FailureCode, message: str) -> tuple[Video, Job]:
        """Return the failed video, and the erase job that is due at once.

        Raises:
            InvalidTransition: the status does not allow it any more.
        """
        now = self.clock.now()
        closed = video.upload_closed(Failure(StageName.UPLOAD, code, message), now=now)
        await work.videos.save(closed)
        erasing = erase_all(video)
        await work.jobs.add(self.jobs.late_erase(video, erasing, now=now))
        return closed, await work.jobs.add(self.jobs.new(video.id, erasing))
