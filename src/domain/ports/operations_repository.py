"""What an operator reads of the database: jobs, queues and usage of all users."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.jobs.job import Job, JobState
from domain.model.operations.overview import KindDepth, MinuteCounts, VideoTotals
from domain.model.operations.user_usage import UserCursor, UserUsage
from domain.model.videos.pagination import Cursor


class OperationsRepository(Protocol):
    """Reads for the operator. An interface polls them, so their cost does not grow with the videos and jobs that ended.

    Kinds of jobs that only a newer version knows are skipped.
    """

    @abstractmethod
    async def now(self) -> datetime:
        """The time on the database's clock, to which the times of jobs refer."""

    @abstractmethod
    async def depths(self) -> list[KindDepth]:
        """The live jobs of every kind; queued ones are counted up to `MAX_COUNTED_JOBS` per kind."""

    @abstractmethod
    async def jobs(self, state: JobState, *, limit: int, after: Cursor | None = None) -> list[Job]:
        """Up to `limit` jobs in this state after the cursor, which names the time and the id of a job.

        The time is `run_after`. Dead jobs come newest first, others oldest first; ties by id, in the same direction.
        """

    @abstractmethod
    async def totals(self) -> VideoTotals:
        """The videos and bytes of all users: the sum of their usage, so the cost grows with the number of users only.

        Videos in progress are counted themselves.
        """

    @abstractmethod
    async def users(self, *, limit: int, after: UserCursor | None = None) -> list[UserUsage]:
        """Up to `limit` users with videos after the cursor: most bytes first, ties by id."""

    @abstractmethod
    async def minutes(self, *, since: datetime) -> list[MinuteCounts]:
        """What the event log says of each minute from this time on, in order; minutes without an event are absent.

        `failed` counts failed videos and failed imports.
        """
