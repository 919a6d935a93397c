"""Jobs: work that is owed. The rules of claim, lease, fence, attempts, back-off and death."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from domain.model.errors import JobUnavailable, LeaseLost, TelecineError, Unavailable
from domain.model.identity import JobId, VideoId
from domain.model.object_key import ObjectKey, fence_of
from domain.model.speech import AudioSpan

BACKOFF_BASE_S = 5.0
BACKOFF_CAP_S = 3600.0
RETRY_AFTER_CAP_S = 3600.0

# An erase harms nobody by being tried again: at an hour each it goes on for six weeks.
ERASE_MAX_ATTEMPTS = 1_000


class JobKind(StrEnum):
    """What is to be done."""

    IMPORT = "import"
    PROCESS = "process"
    TRANSCRIBE = "transcribe"
    RETRANSCRIBE = "retranscribe"
    ERASE = "erase"


class QueueName(StrEnum):
    """Who does it: CPU work, waiting on others, and tidying up."""

    MEDIA = "media"
    IO = "io"
    MAINTENANCE = "maintenance"


QUEUES: dict[JobKind, QueueName] = {
    JobKind.IMPORT: QueueName.IO,
    JobKind.PROCESS: QueueName.MEDIA,
    JobKind.TRANSCRIBE: QueueName.IO,
    JobKind.RETRANSCRIBE: QueueName.MEDIA,
    JobKind.ERASE: QueueName.MAINTENANCE,
}


class JobState(StrEnum):
    """How the work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class ImportPayload:
    """Nothing more than the video is needed, whose source says what to fetch."""


@dataclass(frozen=True, slots=True)
class ProcessPayload:
    """Nothing more than the video is needed."""


@dataclass(frozen=True, slots=True)
class TranscribePayload:
    """The speech track and where it is cut; `run` counts how often a transcript was asked for anew."""

    audio_key: ObjectKey
    spans: tuple[AudioSpan, ...]
    run: int = 0

    @property
    def audio_s(self) -> float:
        """How many seconds are to be heard in all."""
        return sum(span.end_s - span.start_s for span in self.spans)


@dataclass(frozen=True, slots=True)
class RetranscribePayload:
    """The run for which the speech track is to be taken out of what is published."""

    run: int


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A multipart upload in the bucket that was not completed."""

    key: ObjectKey
    upload_id: str


@dataclass(frozen=True, slots=True)
class ErasePayload:
    """Objects that must go: these keys, and all under these prefixes save the kept ones; uploads that must end.

    With `through_fence` only what attempts of this fence or an earlier one have made goes from under the prefixes: a
    later attempt, as after a retry, may be storing there while the job runs.
    """

    keys: tuple[ObjectKey, ...] = ()
    prefixes: tuple[str, ...] = ()
    keep: tuple[ObjectKey, ...] = ()
    uploads: tuple[OpenUpload, ...] = ()
    through_fence: int | None = None

    def concerns(self, key: ObjectKey) -> bool:
        """Whether an object that was found under a prefix must go."""
        return key not in self.keep and (self.through_fence is None or fence_of(key) <= self.through_fence)


JobPayload = ImportPayload | ProcessPayload | TranscribePayload | RetranscribePayload | ErasePayload
P = TypeVar("P", ImportPayload, ProcessPayload, TranscribePayload, RetranscribePayload, ErasePayload)

_KINDS: dict[type[JobPayload], JobKind] = {
    ImportPayload: JobKind.IMPORT,
    ProcessPayload: JobKind.PROCESS,
    TranscribePayload: JobKind.TRANSCRIBE,
    RetranscribePayload: JobKind.RETRANSCRIBE,
    ErasePayload: JobKind.ERASE,
}


def kind_of(payload: JobPayload) -> JobKind:
    """What is to be done, by the type of its payload."""
    return _KINDS[type(payload)]


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work that is about to be owed; it falls due so many seconds after it is remembered."""

    id: JobId
    video_id: VideoId
    payload: JobPayload
    max_attempts: int
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job: good as long as the job still carries this fence."""

    job_id: JobId
    fence: int


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of owed work. It commits together with the state change that calls for it."""

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

    @property
    def kind(self) -> JobKind:
        """What is to be done; the payload's type says it."""
        return kind_of(self.payload)

    def payload_as(self, shape: type[P]) -> P:
        """The payload of a job whose kind the caller knows.

        Raises:
            TypeError: the job is of another kind.
        """
        if not isinstance(self.payload, shape):
            raise TypeError(f"A {self.kind} job carries no {shape.__name__}.")
        return self.payload

    @property
    def queue(self) -> QueueName:
        """Who does it."""
        return QUEUES[self.kind]

    @property
    def lease(self) -> Lease:
        """The lease that the present fence stands for."""
        return Lease(self.id, self.fence)

    @property
    def is_exhausted(self) -> bool:
        """Every allowed attempt has been used."""
        return self.attempt >= self.max_attempts

    def lease_expired(self, now: datetime) -> bool:
        """It was running, but its worker has not been heard of in time."""
        return self.state is JobState.RUNNING and self.lease_until is not None and self.lease_until < now

    def is_due(self, now: datetime) -> bool:
        """It waits for a worker."""
        return self.state is JobState.QUEUED and self.run_after <= now

    def claimed(self, *, now: datetime, lease_s: float) -> "Job":
        """Taken by a worker: attempt and fence rise together.

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
        )

    def held(self, lease: Lease) -> "Job":
        """The job itself, for the holder of its lease alone.

        Raises:
            LeaseLost: the fence has moved on or the job is no longer running.
        """
        if self.state is not JobState.RUNNING or lease != self.lease:
            raise LeaseLost
        return self

    def renewed(self, *, now: datetime, lease_s: float) -> "Job":
        """The worker is alive."""
        return replace(self, lease_until=now + timedelta(seconds=lease_s))

    def finished(self) -> "Job":
        """The work is done."""
        return replace(self, state=JobState.DONE, lease_until=None)

    def rescheduled(self, *, run_after: datetime, error: str) -> "Job":
        """The attempt failed; another will follow."""
        return replace(
            self, state=JobState.QUEUED, lease_until=None, sent_at=None, run_after=run_after, last_error=error
        )

    def given_back(self, *, now: datetime) -> "Job":
        """The worker stops on purpose: the attempt is not charged."""
        return replace(
            self,
            state=JobState.QUEUED,
            attempt=max(self.attempt - 1, 0),
            lease_until=None,
            sent_at=None,
            run_after=now,
        )

    def freed(self, *, now: datetime) -> "Job":
        """The worker is gone: the job waits again, the attempt stays charged."""
        return replace(self, state=JobState.QUEUED, lease_until=None, sent_at=None, run_after=now)

    def revived(self, *, now: datetime) -> "Job":
        """The work is owed again, from its first attempt on; the fence goes on from where it was.

        Raises:
            JobUnavailable: it is not dead.
        """
        if self.state is not JobState.DEAD:
            raise JobUnavailable
        return replace(self, state=JobState.QUEUED, attempt=0, sent_at=None, run_after=now)

    def buried(self, *, error: str) -> "Job":
        """No attempt will follow."""
        return replace(self, state=JobState.DEAD, lease_until=None, last_error=error)


def backoff_s(attempt: int) -> float:
    """How long to wait after this failed attempt: 5 s, doubled each time, at most an hour."""
    return min(BACKOFF_BASE_S * 2.0 ** min(attempt - 1, 30), BACKOFF_CAP_S)


def retry_delay_s(error: Exception, attempt: int) -> float | None:
    """When to try again after this error; None: another attempt would end the same way.

    What we can name is tried again only if it says so; what we can't name may be an accident. A server's
    own word on when to come back counts if it is later than ours, up to an hour.
    """
    if isinstance(error, TelecineError) and not (isinstance(error, Unavailable) and error.retryable):
        return None
    asked_s = error.retry_after_s if isinstance(error, Unavailable) and error.retry_after_s else 0.0
    return min(max(backoff_s(attempt), asked_s), RETRY_AFTER_CAP_S)
