"""A job queue that only remembers."""

from domain.model.errors import Unavailable
from domain.model.job import Job
from domain.ports.job_queue import JobQueue


class RecordingJobQueue(JobQueue):
    """Keeps what was sent, in order; `is_down` makes it fail as a lost broker would."""

    def __init__(self) -> None:
        self.sent: list[Job] = []
        self.is_down = False

    async def send(self, job: Job) -> None:
        if self.is_down:
            raise Unavailable("The queue is down.", code="queue_unavailable")
        self.sent.append(job)
