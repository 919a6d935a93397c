"""Jobs: queued work, with the rules for claims, leases, fences and attempts."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from domain.model.errors import JobUnavailable, LeaseLost
from domain.model.ids import JobId, VideoId
from domain.model.jobs.payloads import (
    QUEUES,
    ErasePayload,
    ImportPayload,
    IndexPayload,
    JobKind,
    JobPayload,
    PosterPayload,
    ProcessPayload,
    QueueName,
    RetranscribePayload,
    TranscribePayload,
    kind_of,
)

# A job `deliver` never ends, and a complete run resets its attempts: only runs that lost their worker count.
DELIVER_MAX_ATTEMPTS = 10_000
# Repeating an erase is harmless, so it is retried for six weeks: about 1,000 attempts, one per hour.
ERASE_MAX_ATTEMPTS = 1_000


class JobState(StrEnum):
    """The state of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


P = TypeVar(
    "P",
    ImportPayload,
    ProcessPayload,
    TranscribePayload,
    RetranscribePayload,
    PosterPayload,
    ErasePayload,
    IndexPayload,
)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job that is not stored yet; it becomes due `delay_s` after it is stored."""

    id: JobId
    video_id: VideoId
    payload: JobPayload
    max_attempts: int
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job; it is valid as long as the job has this fence and is running."""

    job_id: JobId
    fence: int


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. It commits in the same transaction as the state change that requires it.

    A job `deliver` concerns no video: its `video_id`, like its own id, is the id of its webhook endpoint.

    For the operator, `worker` is the last worker that claimed it, and `updated_at` the time of its last change of
    state; they are None if a process of an older version has written the row. No rule depends on these fields.
    """

    id: JobId
    video_id: VideoId
    payload: JobPayload
    max_attempts: int
    run_after: datetime
    state: JobState = JobState.QUEUED
    attempt: int = 0
    fence: int = 0
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    last_error: str | None = None
    worker: str | None = field(default=None, compare=False)
    created_at: datetime | None = field(default=None, compare=False)
    updated_at: datetime | None = field(default=None, compare=False)

    @property
    def kind(self) -> JobKind:
        """The kind of work, which the payload's type determines."""
        return kind_of(self.payload)

    def payload_as(self, shape: type[P]) -> P:
        """The payload, typed, for a caller that knows the job's kind.

        Raises:
            TypeError: the job is of another kind.
        """
        if not isinstance(self.payload, shape):
            raise TypeError(f"A {self.kind} job has no {shape.__name__}.")
        return self.payload

    @property
    def queue(self) -> QueueName:
        """The queue that carries this job."""
        return QUEUES[self.kind]

    @property
    def lease(self) -> Lease:
        """The lease with the current fence."""
        return Lease(self.id, self.fence)

    @property
    def is_exhausted(self) -> bool:
        """Whether every allowed attempt has been used."""
        return self.attempt >= self.max_attempts

    def lease_expired(self, now: datetime) -> bool:
        """Whether the job is running and its worker has not renewed the lease in time."""
        return self.state is JobState.RUNNING and self.lease_until is not None and self.lease_until < now

    def is_due(self, now: datetime) -> bool:
        """Whether the job is queued and may start now."""
        return self.state is JobState.QUEUED and self.run_after <= now

    def claimed(self, *, now: datetime, lease_s: float, worker: str | None = None) -> "Job":
        """The job claimed by a worker: its attempt and its fence are raised by one.

        Raises:
            JobUnavailable: it is neither due nor abandoned, or has no attempt left.
        """
        if self.is_exhausted or not (self.is_due(now) or self.lease_expired(now)):
            raise JobUnavailable
        return replace(
            self,
            state=JobState.RUNNING,
            attempt=self.attempt + 1,
            fence=self.fence + 1,
            lease_until=now + timedelta(seconds=lease_s),
            worker=worker,
        )

    def require_lease(self, lease: Lease) -> "Job":
        """The job itself, if this lease is valid.

        Raises:
            LeaseLost: the fence has changed or the job is no longer running.
        """
        if self.state is not JobState.RUNNING or lease != self.lease:
            raise LeaseLost
        return self

    def renewed(self, *, now: datetime, lease_s: float) -> "Job":
        """Extend the lease."""
        return replace(self, lease_until=now + timedelta(seconds=lease_s))

    def finished(self) -> "Job":
        """Mark the job done."""
        return replace(self, state=JobState.DONE, lease_until=None)

    def rescheduled(self, *, run_after: datetime, error: str) -> "Job":
        """Queue the job again after a failed attempt."""
        return replace(
            self, state=JobState.QUEUED, lease_until=None, sent_at=None, run_after=run_after, last_error=error
        )

    def released(self, *, now: datetime) -> "Job":
        """Queue the job again because its worker stops on purpose: the attempt is not charged."""
        return replace(
            self,
            state=JobState.QUEUED,
            attempt=max(self.attempt - 1, 0),
            lease_until=None,
            sent_at=None,
            run_after=now,
        )

    def parked(self, *, run_after: datetime) -> "Job":
        """Queue the job again after a complete run, with its attempts reset: a job that never ends."""
        return replace(self, state=JobState.QUEUED, attempt=0, lease_until=None, sent_at=None, run_after=run_after)

    def freed(self, *, now: datetime) -> "Job":
        """Queue the job again because its worker is gone: the attempt stays charged."""
        return replace(self, state=JobState.QUEUED, lease_until=None, sent_at=None, run_after=now)

    def revived(self, *, now: datetime) -> "Job":
        """Queue a dead job again with its attempts reset; the fence keeps its value.

        Raises:
            JobUnavailable: it is not dead.
        """
        if self.state is not JobState.DEAD:
            raise JobUnavailable
        return replace(self, state=JobState.QUEUED, attempt=0, sent_at=None, run_after=now)

    def buried(self, *, error: str) -> "Job":
        """Mark the job dead: no attempt follows."""
        return replace(self, state=JobState.DEAD, lease_until=None, last_error=error)
