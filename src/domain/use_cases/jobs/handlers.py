"""The interface of job handlers, and the table of handlers by kind."""

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from domain.model.errors import TelecineError, VideoNotFound
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import JobKind
from domain.ports.database import UnitOfWork


class JobHandler(Protocol):
    """Runs one kind of job."""

    @abstractmethod
    async def __call__(self, job: Job) -> None:
        """Run a claimed job; finish it in the same transaction that writes its outcome.

        Any error ends the attempt. A cancelled call must leave nothing running.
        """

    @abstractmethod
    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Write in this transaction what the job's final failure means for its video."""


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The handler of every job kind."""

    by_kind: Mapping[JobKind, JobHandler]

    def of(self, job: Job) -> JobHandler:
        """The handler of this job's kind."""
        return self.by_kind[job.kind]

    async def bury(self, work: UnitOfWork, job: Job, error: Exception) -> None:
        """Mark the job dead and let its handler update the video.

        Raises:
            LeaseLost: another worker has the job now, or its video was deleted.
        """
        await work.jobs.bury(job.lease, error=described(error))
        with suppress(VideoNotFound):  # The video was deleted: there is nothing to update.
            await self.of(job).give_up(work, job, error)


def described(error: Exception) -> str:
    """One line about an error for the jobs table; an unknown error's text is left out, because it may hold a secret."""
    return f"{error.code}: {error.detail}" if isinstance(error, TelecineError) else type(error).__name__
