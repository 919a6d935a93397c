"""The numbers of an installation: queues, videos, storage, and the last hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.model.jobs.payloads import QUEUES, JobKind, QueueName

MAX_COUNTED_JOBS = 10_000
"""Queued jobs of one kind are counted up to this number, so that a long queue costs no more than that."""

MINUTES = 60
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KindDepth:
    """The live jobs of one kind: all that are queued, those of them that are due, and those that run."""

    kind: JobKind
    waiting: int = 0
    due: int = 0
    running: int = 0
    oldest_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """The live jobs of one queue; `oldest_waiting_s` is how long ago the oldest due job became due."""

    name: QueueName
    waiting: int
    due: int
    running: int
    oldest_waiting_s: float | None


def queue_depths(kinds: Iterable[KindDepth], *, now: datetime) -> tuple[QueueDepth, ...]:
    """The depth of every queue."""
    known = list(kinds)
    return tuple(_queue_depth(name, [each for each in known if QUEUES[each.kind] is name], now) for name in QueueName)


def _queue_depth(name: QueueName, kinds: list[KindDepth], now: datetime) -> QueueDepth:
    oldest = min((each.oldest_due_at for each in kinds if each.oldest_due_at is not None), default=None)
    return QueueDepth(
        name,
        waiting=sum(each.waiting for each in kinds),
        due=sum(each.due for each in kinds),
        running=sum(each.running for each in kinds),
        oldest_waiting_s=None if oldest is None else max(0.0, (now - oldest).total_seconds()),
    )


@dataclass(frozen=True, slots=True)
class VideoTotals:
    """The videos of all users by status, and the bytes that they store."""

    uploading: int = 0
    uploaded: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    stored_bytes: int = 0

    @property
    def videos(self) -> int:
        """All videos."""
        return self.uploading + self.uploaded + self.processing + self.completed + self.failed


@dataclass(frozen=True, slots=True)
class MinuteCounts:
    """What happened in one minute, which begins at `at`."""

    at: datetime
    completed: int = 0
    failed: int = 0
    uploaded: int = 0


def minute_of(moment: datetime) -> datetime:
    """The begin of the minute."""
    return moment.replace(second=0, microsecond=0)


def last_hour(counted: Mapping[datetime, MinuteCounts], *, now: datetime) -> tuple[MinuteCounts, ...]:
    """The last sixty minutes up to the current one, oldest first; a minute in which nothing happened has zeros."""
    first = minute_of(now) - (MINUTES - 1) * _MINUTE
    minutes = [first + number * _MINUTE for number in range(MINUTES)]
    return tuple(counted.get(at, MinuteCounts(at)) for at in minutes)
