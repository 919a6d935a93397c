"""Tell workers that a job waits."""

from dataclasses import dataclass

from domain.model.errors import Unavailable
from domain.model.job import Job
from domain.ports.database import Database
from domain.ports.job_queue import JobQueue


@dataclass(frozen=True, slots=True)
class SendJob:
    """Carry a committed job to its queue.

    - The job's row has committed before; losing the message loses nothing, so no fault here reaches a client.
    - What could not be sent, or not be marked as sent, the sweep sends again.
    """

    database: Database
    queue: JobQueue

    async def __call__(self, job: Job) -> bool:
        """Send the job and mark it; False when that is left to the sweep."""
        try:
            await self.queue.send(job)
            async with self.database.write() as work:
                await work.jobs.mark_sent(job.lease)
        except Unavailable:
            return False
        return True
