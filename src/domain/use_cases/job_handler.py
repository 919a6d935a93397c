"""What a kind of job must know to be run."""

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from domain.model.errors import TelecineError, VideoNotFound
from domain.model.job import Job, JobKind
from domain.ports.database import UnitOfWork


class JobHandler(Protocol):
    """Does one kind of job."""

    @abstractmethod
    async def __call__(self, job: Job) -> None:
        """Do the work of a claimed job and finish it, in the same transaction as its outcome.

        Any error ends the attempt; cancelling the call must leave nothing running.
        """

    @abstractmethod
    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Say in this transaction what the job's death means for its video."""


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The handler of every kind."""

    by_kind: Mapping[JobKind, JobHandler]

    def of(self, job: Job) -> JobHandler:
        """Who does this job."""
        return self.by_kind[job.kind]

    async def bury(self, work: UnitOfWork, job: Job, error: Exception) -> None:
        """Give a job up for good, with what that means for its video.

        Raises:
            LeaseLost: the job is somebody else's by now.
        """
        await work.jobs.bury(job.lease, error=described(error))
        with suppress(VideoNotFound):  # It was deleted: there is nobody left to tell.
            await self.of(job).give_up(work, job, error)


def described(error: Exception) -> str:
    """An error as one line for the jobs table: only what we worded ourselves, so no secret gets in."""
    return f"{error.code}: {error.detail}" if isinstance(error, TelecineError) else type(error).__name__
