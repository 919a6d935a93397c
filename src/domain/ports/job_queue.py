"""The queue that carries jobs to workers."""

from abc import abstractmethod
from typing import Protocol

from domain.model.jobs.job import Job


class JobQueue(Protocol):
    """Notifies workers of waiting jobs. It may lose or repeat messages: the jobs table is the source of truth."""

    @abstractmethod
    async def send(self, job: Job) -> None:
        """Send the job's id to its queue.

        Raises:
            Unavailable: the message could not be sent; the sweep will send it again.
        """
