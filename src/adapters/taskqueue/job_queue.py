"""The job queue on a Dramatiq broker."""

import asyncio
from collections.abc import Callable
from typing import cast

from dramatiq import Broker, Message
from dramatiq.errors import BrokerError

from adapters.taskqueue.job_message import job_message
from domain.model.errors import Unavailable
from domain.model.jobs.job import Job
from domain.ports.job_queue import JobQueue


class DramatiqJobQueue(JobQueue):
    """Sends messages through the given broker."""

    def __init__(self, broker: Broker) -> None:
        self._enqueue = cast("Callable[[Message[None]], object]", broker.enqueue)

    async def send(self, job: Job) -> None:
        try:
            # A broker may block on its network; the event loop must not.
            await asyncio.to_thread(self._enqueue, job_message(job))
        except BrokerError as error:
            raise Unavailable("The broker did not accept the message.", code="queue_unavailable") from error


class SweptJobQueue(JobQueue):
    """The queue of a process that has no broker in common with a worker: the worker's sweep finds the job."""

    async def send(self, job: Job) -> None:
        raise Unavailable("This process has no broker in common with a worker.", code="queue_unavailable")
