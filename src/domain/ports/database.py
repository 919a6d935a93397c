"""Units of work on the database, which is the truth."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from domain.ports.idempotency_repository import IdempotencyRepository
from domain.ports.job_repository import JobRepository
from domain.ports.schedule_repository import ScheduleRepository
from domain.ports.transcript_repository import TranscriptRepository
from domain.ports.usage_repository import UsageRepository
from domain.ports.video_repository import VideoRepository


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """Repositories that share one transaction."""

    videos: VideoRepository
    jobs: JobRepository
    transcripts: TranscriptRepository
    usage: UsageRepository
    idempotency_keys: IdempotencyRepository
    schedule: ScheduleRepository


class Database(Protocol):
    """Opens units of work.

    Every call on them may raise `Unavailable` (retryable) when the database does not answer.
    """

    @abstractmethod
    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that commits when the block ends and rolls back when it raises.

        A video read inside stays as it was read until the transaction ends: others wait.
        """

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that sees one state of the database and changes nothing."""

    @abstractmethod
    async def check(self) -> None:
        """Pass when the database answers and has the tables this version needs.

        Raises:
            Unavailable: it doesn't, and why.
        """
