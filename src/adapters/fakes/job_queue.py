"""A job queue that only records."""

from domain.model.errors import Unavailable
from domain.model.jobs.job import Job
from domain.ports.job_queue import JobQueue


class RecordingJobQueue(JobQueue):
    """Records the sent jobs in order; with `is_down` every call fails as if the broker were down."""

    def __init__(self) -> None:
        self.sent: list[Job] = []
        self.is_down = False

    async def send(self, job: Job) -> None:
        if self.is_down:
            raise Unavailable("The queue is down.", code="queue_unavailable")
        self.sent.append(job)
