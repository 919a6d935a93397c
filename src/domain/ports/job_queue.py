"""Carrying jobs to workers."""

from abc import abstractmethod
from typing import Protocol

from domain.model.job import Job


class JobQueue(Protocol):
    """Tells workers that a job waits. It may lose or repeat messages: the jobs table is the truth."""

    @abstractmethod
    async def send(self, job: Job) -> None:
        """Carry the job's id to its queue.

        Raises:
            Unavailable: the message could not be handed over; the sweep will try again.
        """
