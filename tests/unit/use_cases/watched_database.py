"""A database in memory that checks every commit against what may never happen."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from adapters.fakes.database import InMemoryDatabase
from adapters.fakes.tables import Tables
from domain.model.identity import UserId
from domain.model.job import JobKind, JobState
from domain.model.lifecycle import TRANSITIONS, VideoStatus
from domain.model.usage import Footprint, Usage, footprint_left, footprint_of
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork

# A transcript may be the first that is heard of a retried video, and the last that it waits for.
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
    """Others get their turn around every transaction, and every commit is looked at."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.deleted: list[tuple[UserId, Footprint]] = []

    @property
    def tables(self) -> Tables:
        """What has committed."""
        return self._committed

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        """Look at what the transaction has changed."""
        await asyncio.sleep(0)
        before: Tables | None = None
        async with super().write() as work:
            before = self._committed
            yield work
        self._look(before, self._committed)
        await asyncio.sleep(0)

    def used_by(self, owner: UserId) -> Usage:
        """What the user's videos take up, each counted for itself."""
        videos = [video for video in self.tables.videos.values() if video.owner == owner]
        day = self.tables.usage.get(owner, Usage()).day
        prints = [footprint_of(video) for video in videos] + [left for who, left in self.deleted if who == owner]
        return Usage(
            sum(each.videos_in_flight for each in prints),
            sum(each.stored_bytes for each in prints),
            sum(each.uploads for each in prints if each.day == day),
            day,
        )

    def _look(self, before: Tables, after: Tables) -> None:
        for video in after.videos.values():
            _look_at_video(before.videos.get(video.id), video)
        for job in after.jobs.values():
            old = before.jobs.get(job.id)
            assert job.fence >= (old.fence if old else 0)
            assert old is None or old.state is job.state or (old.state, job.state) in STATE_STEPS
        owed = Counter(job.video_id for job in after.jobs.values() if job.kind is JobKind.PROCESS)
        assert not owed or max(owed.values()) == 1
        gone = [before.videos[video_id] for video_id in before.videos.keys() - after.videos.keys()]
        self.deleted += [(video.owner, footprint_left(video)) for video in gone]


def _look_at_video(before: Video | None, after: Video) -> None:
    if before is None:
        assert after.status is VideoStatus.UPLOADING
        return
    assert before.status is after.status or (before.status, after.status) in STEPS
    assert (before.owner, before.source.key, before.created_at) == (after.owner, after.source.key, after.created_at)
    assert before.source.etag in {None, after.source.etag}
    assert before.publication in {None, after.publication}
