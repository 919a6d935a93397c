"""List the jobs of all users."""

from dataclasses import dataclass

from domain.model.ids import VideoId
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind
from domain.model.stage import StageName, StageState
from domain.model.videos.pagination import Cursor, check_limit
from domain.model.videos.video import Video
from domain.ports.database import Database, UnitOfWork

_STAGES = {
    JobKind.IMPORT: (StageName.UPLOAD,),
    JobKind.PROCESS: (StageName.DOWNLOAD, StageName.PROBE, StageName.COMPRESS, StageName.PUBLISH),
    JobKind.TRANSCRIBE: (StageName.TRANSCRIBE,),
    JobKind.RETRANSCRIBE: (StageName.TRANSCRIBE,),
}


@dataclass(frozen=True, slots=True)
class TrackedJob:
    """A job with its video, if it concerns one that still exists."""

    job: Job
    video: Video | None

    @property
    def stage(self) -> StageName | None:
        """The stage of the video that the job is running now."""
        if self.video is None or self.job.state is not JobState.RUNNING:
            return None
        running = [name for name in _STAGES.get(self.job.kind, ()) if self._is_running(self.video, name)]
        return running[0] if running else None

    @staticmethod
    def _is_running(video: Video, name: StageName) -> bool:
        return video.stage(name).state is StageState.RUNNING


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of jobs, and the cursor of the next page, None on the last page."""

    jobs: tuple[TrackedJob, ...]
    next_cursor: Cursor | None


@dataclass(frozen=True, slots=True)
class ListJobs:
    """List the jobs of all users that run, wait or have failed, one page at a time.

    - Running and queued jobs come in the order in which they became due, and dead ones newest first.
    - A dead job has used all its attempts, or its error was permanent; `error` says which.
    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page.
    """

    database: Database

    async def __call__(self, state: JobState, *, limit: int, cursor: str | None = None) -> JobPage:
        """One page of the jobs in this state.

        Raises:
            Rejected: `invalid_limit` or `invalid_cursor`.
        """
        check_limit(limit)
        after = Cursor.decoded(cursor) if cursor is not None else None
        async with self.database.read() as work:
            rows = await work.operations.jobs(state, limit=limit + 1, after=after)
            tracked = await tracked_jobs(work, rows[:limit])
        last = rows[limit - 1] if len(rows) > limit else None
        return JobPage(tracked, None if last is None else Cursor(last.run_after, VideoId(last.id)))


async def tracked_jobs(work: UnitOfWork, jobs: list[Job]) -> tuple[TrackedJob, ...]:
    """The jobs with their videos."""
    videos = {video.id: video for video in await work.videos.get_many(*{job.video_id for job in jobs})}
    return tuple(TrackedJob(job, videos.get(job.video_id)) for job in jobs)
