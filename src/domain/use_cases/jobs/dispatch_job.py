"""Send a committed job to the queue."""

from domain.model.errors import Unavailable
from domain.model.jobs.job import Job, Lease
from domain.ports.database import Database
from domain.ports.job_queue import JobQueue
from domain.use_cases.jobs.group_commit import GroupCommit


class DispatchJob:
    """Send a committed job to its queue.

    - The job's row is already committed, so a lost message loses no job, and an error here never reaches a client.
    - If the job could not be sent or marked as sent, the sweep sends it again.
    """

    def __init__(self, database: Database, queue: JobQueue) -> None:
        self._database = database
        self._queue = queue
        self._mark = GroupCommit(self._mark_sent)

    async def __call__(self, job: Job) -> bool:
        """Send the job and mark it as sent; return False if the sweep has to do it."""
        try:
            await self._queue.send(job)
            await self._mark(job.lease)
        except Unavailable:
            return False
        return True

    async def _mark_sent(self, leases: list[Lease]) -> None:
        async with self._database.write() as work:
            await work.jobs.mark_sent(*leases)
