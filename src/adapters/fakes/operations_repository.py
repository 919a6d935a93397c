"""What an operator reads, from tables in memory."""

from collections import Counter
from datetime import datetime

from adapters.fakes.tables import Tables
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind
from domain.model.operations.overview import MAX_COUNTED_JOBS, KindDepth, MinuteCounts, VideoTotals, minute_of
from domain.model.operations.user_usage import UserCursor, UserUsage
from domain.model.videos.events import EventType
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.pagination import Cursor
from domain.ports.clock import Clock
from domain.ports.operations_repository import OperationsRepository


class InMemoryOperationsRepository(OperationsRepository):
    """Counts the rows themselves."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def now(self) -> datetime:
        return self._clock.now()

    async def depths(self) -> list[KindDepth]:
        return [self._depth(kind) for kind in JobKind]

    async def jobs(self, state: JobState, *, limit: int, after: Cursor | None = None) -> list[Job]:
        is_dead = state is JobState.DEAD
        found = [job for job in self._tables.jobs.values() if job.state is state]
        if after is not None:
            position = (after.created_at, after.video_id)
            found = [job for job in found if _is_after((job.run_after, job.id), position, is_reversed=is_dead)]
        return sorted(found, key=lambda job: (job.run_after, job.id), reverse=is_dead)[:limit]

    async def totals(self) -> VideoTotals:
        counted = Counter(video.status for video in self._tables.videos.values())
        return VideoTotals(
            **{status.value: counted[status] for status in VideoStatus},
            stored_bytes=sum(usage.stored_bytes for usage in self._tables.usage.values()),
        )

    async def users(self, *, limit: int, after: UserCursor | None = None) -> list[UserUsage]:
        uploading = Counter(
            video.owner for video in self._tables.videos.values() if video.status is VideoStatus.UPLOADING
        )
        users = [
            UserUsage(owner, usage.videos, usage.stored_bytes, uploading[owner])
            for owner, usage in self._tables.usage.items()
            if usage.videos
        ]
        ordered = sorted(users, key=lambda user: (-user.stored_bytes, user.user_id))
        if after is not None:
            position = (-after.stored_bytes, after.user_id)
            ordered = [user for user in ordered if (-user.stored_bytes, user.user_id) > position]
        return ordered[:limit]

    async def minutes(self, *, since: datetime) -> list[MinuteCounts]:
        logged = [*(each.event for each in self._tables.events), *self._tables.unsettled_events]
        recent = [event for event in logged if event.occurred_at >= since]
        counted = Counter((minute_of(event.occurred_at), event.type) for event in recent)
        minutes = [
            MinuteCounts(
                at,
                completed=counted[at, EventType.VIDEO_COMPLETED],
                failed=counted[at, EventType.VIDEO_FAILED] + counted[at, EventType.IMPORT_FAILED],
                uploaded=counted[at, EventType.UPLOAD_COMPLETED],
            )
            for at in sorted({at for at, _ in counted})
        ]
        return [minute for minute in minutes if minute != MinuteCounts(minute.at)]

    def _depth(self, kind: JobKind) -> KindDepth:
        now = self._clock.now()
        ours = [job for job in self._tables.jobs.values() if job.kind is kind]
        queued = [job for job in ours if job.state is JobState.QUEUED]
        due = [job for job in queued if job.is_due(now)]
        return KindDepth(
            kind,
            waiting=min(len(queued), MAX_COUNTED_JOBS),
            due=min(len(due), MAX_COUNTED_JOBS),
            running=len([job for job in ours if job.state is JobState.RUNNING]),
            oldest_due_at=min((job.run_after for job in due), default=None),
        )


def _is_after(place: tuple[datetime, str], position: tuple[datetime, str], *, is_reversed: bool) -> bool:
    return place < position if is_reversed else place > position
