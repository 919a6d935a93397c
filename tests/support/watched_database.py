"""An in-memory database that checks every commit for forbidden changes."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from adapters.fakes.database import InMemoryDatabase
from adapters.fakes.tables import Tables
from domain.model.access.quota import Footprint, Usage, footprint_after_delete, footprint_of
from domain.model.ids import UserId
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.videos.lifecycle import TRANSITIONS, VideoStatus
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork

# A retried transcription may complete a video that is `uploaded`, without a step through `processing`.
STEPS = {(before, after) for (before, _), after in TRANSITIONS.items()} | {
    (VideoStatus.UPLOADED, VideoStatus.COMPLETED)
}

STATE_STEPS = {
    (JobState.QUEUED, JobState.RUNNING),
    (JobState.RUNNING, JobState.QUEUED),
    (JobState.RUNNING, JobState.DONE),
    (JobState.RUNNING, JobState.DEAD),
    (JobState.DEAD, JobState.QUEUED),
}


class WatchedDatabase(InMemoryDatabase):
    """Lets other tasks run before and after every write transaction, and checks every commit."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.deleted: list[tuple[UserId, Footprint]] = []

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        """Check the changes of the transaction."""
        await asyncio.sleep(0)
        before: Tables | None = None
        async with super().write() as work:
            before = self._committed
            yield work
        self._check(before, self._committed)
        await asyncio.sleep(0)

    def used_by(self, owner: UserId) -> Usage:
        """Compute the user's usage from the videos, as a check of the counters."""
        videos = [video for video in self.tables.videos.values() if video.owner == owner]
        day = self.tables.usage.get(owner, Usage()).day
        prints = [footprint_of(video) for video in videos] + [left for who, left in self.deleted if who == owner]
        return Usage(
            sum(each.videos_in_flight for each in prints),
            sum(each.stored_bytes for each in prints),
            sum(each.uploads for each in prints if each.day == day),
            day,
            sum(each.completed for each in prints),
            sum(each.failed for each in prints),
        )

    def _check(self, before: Tables, after: Tables) -> None:
        for video in after.videos.values():
            _check_video(before.videos.get(video.id), video)
        for job in after.jobs.values():
            old = before.jobs.get(job.id)
            assert job.fence >= (old.fence if old else 0)
            assert old is None or old.state is job.state or (old.state, job.state) in STATE_STEPS
        process_jobs = Counter(job.video_id for job in after.jobs.values() if job.kind is JobKind.PROCESS)
        assert not process_jobs or max(process_jobs.values()) == 1
        gone = [before.videos[video_id] for video_id in before.videos.keys() - after.videos.keys()]
        self.deleted += [(video.owner, footprint_after_delete(video)) for video in gone]


def _check_video(before: Video | None, after: Video) -> None:
    if before is None:
        assert after.status is VideoStatus.UPLOADING
        return
    assert before.status is after.status or (before.status, after.status) in STEPS
    assert (before.owner, before.source.key, before.created_at) == (after.owner, after.source.key, after.created_at)
    assert before.source.etag in {None, after.source.etag}
    assert before.publication in {None, after.publication}
