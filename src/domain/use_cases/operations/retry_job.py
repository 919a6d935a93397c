"""Retry a dead job."""

from dataclasses import dataclass

from domain.model.errors import Conflict, JobUnavailable
from domain.model.ids import JobId
from domain.model.jobs.job import Job, JobState
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.operations.list_jobs import TrackedJob, tracked_jobs
from domain.use_cases.videos.retry_video import RETRIED_KINDS, RetryVideo


@dataclass(frozen=True, slots=True)
class RetryJob:
    """Retry a job that has failed permanently, of any user.

    - For the work of a failed video it does what a retry of the video does, under the same conditions.
    - Any other job is queued again with all its attempts.
    """

    database: Database
    retry_video: RetryVideo
    dispatch: DispatchJob

    async def __call__(self, job_id: JobId) -> TrackedJob:
        """Queue the job again.

        Raises:
            JobNotFound: there is no such job.
            Conflict: `job_not_dead`; or `not_failed` or `nothing_to_retry`, as for a retry of the video.
            Unavailable: the bucket or the database did not answer; nothing has changed.
        """
        async with self.database.read() as work:
            (tracked,) = await tracked_jobs(work, [await work.jobs.get(job_id)])
        if tracked.job.state is not JobState.DEAD:
            raise _not_dead()
        if tracked.video is not None and tracked.job.kind in RETRIED_KINDS:
            await self.retry_video(tracked.video.owner, tracked.video.id)
        else:
            await self.dispatch(await self._revive(job_id))
        async with self.database.read() as work:
            (tracked,) = await tracked_jobs(work, [await work.jobs.get(job_id)])
        return tracked

    async def _revive(self, job_id: JobId) -> Job:
        async with self.database.write() as work:
            try:
                return await work.jobs.revive(job_id)
            except JobUnavailable as error:
                raise _not_dead() from error  # A concurrent request has revived it, or its video was deleted.


def _not_dead() -> Conflict:
    return Conflict("Only a dead job can be retried.", code="job_not_dead")
