"""Opens the job queue and makes the broker of a worker."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import TypeAlias

from dramatiq import Broker
from dramatiq.middleware import Middleware

from adapters.taskqueue.in_process_broker import InProcessBroker
from adapters.taskqueue.job_queue import DramatiqJobQueue, SweptJobQueue
from domain.model.jobs.payloads import QueueName
from domain.ports.job_queue import JobQueue
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.jobs import JobSettings

MAINTENANCE_CONCURRENCY = 1
ALONE_RESEND_S = 900.0
SHARED_RESEND_S = 60.0

JobBroker: TypeAlias = Broker
"""Joins the API to the workers; `bootstrap` accepts one without importing Dramatiq itself."""


def concurrency_by_queue(job_queue: JobQueueSettings) -> dict[QueueName, int]:
    """Return how many jobs of each queue one worker runs at once."""
    return {
        QueueName.MEDIA: job_queue.media_concurrency,
        QueueName.IO: job_queue.io_concurrency,
        QueueName.MAINTENANCE: MAINTENANCE_CONCURRENCY,
        QueueName.WEBHOOKS: job_queue.webhook_concurrency,
    }


def make_broker(
    job_queue: JobQueueSettings, *, middleware: list[Middleware], concurrency: Mapping[QueueName, int]
) -> JobBroker:
    """Make the broker of a worker that consumes the queues of `concurrency`, each with its limit of jobs at once."""
    if job_queue.redis_url is None:
        return InProcessBroker(concurrency, middleware)
    from adapters.taskqueue.redis_broker import TelecineRedisBroker

    return TelecineRedisBroker(job_queue.redis_url.reveal(), concurrency, middleware)


async def open_job_queue(job_queue: JobQueueSettings, *, broker: JobBroker | None, stack: AsyncExitStack) -> JobQueue:
    """Open the queue to the workers: Redis, or the broker inside this process.

    Without either of them, jobs are not sent; the sweep of a worker finds them in the database.
    """
    if job_queue.redis_url is not None:
        from adapters.taskqueue.redis_job_queue import redis_job_queue

        return await stack.enter_async_context(redis_job_queue(job_queue.redis_url.reveal()))
    return SweptJobQueue() if broker is None else DramatiqJobQueue(broker)


def resend_after_s(jobs: JobSettings, *, is_alone: bool) -> float:
    """Return after how many seconds the message of a waiting job is sent again.

    Messages between processes can be lost while all processes live; messages inside the only process cannot.
    """
    if jobs.resend_seconds is not None:
        return jobs.resend_seconds
    return ALONE_RESEND_S if is_alone else SHARED_RESEND_S
