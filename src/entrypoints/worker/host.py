"""Running a Dramatiq worker inside this process."""

from collections.abc import Generator
from contextlib import contextmanager

from dramatiq import Broker, Worker
from dramatiq.middleware.asyncio import AsyncIO

from domain.model.job import QueueName
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.job_queue import concurrency_by_queue, make_broker
from entrypoints.bootstrap.roles import Role
from entrypoints.config.settings import Settings
from entrypoints.config.values import SettingsError
from entrypoints.worker.actors import declare_actors
from entrypoints.worker.lifetime import ApplicationLifetime

POLL_MS = 100
STOP_TIMEOUT_MS = 25_000
ALL_QUEUES = frozenset(QueueName)


@contextmanager
def running_worker(
    settings: Settings, *, queues: frozenset[QueueName] = ALL_QUEUES, threads: int | None = None
) -> Generator[Broker]:
    """Work on jobs of these queues inside the block; what runs when it ends is given back.

    `threads` is how many jobs of each queue are in work at once; None: what the settings say.
    Answers the broker over which this process may send jobs to the worker.

    Raises:
        SettingsError: without Redis nobody would work on the other queues.
    Besides, whatever keeps the application from opening.
    """
    if queues != ALL_QUEUES and not settings.job_queue.is_shared:
        raise SettingsError(["TELECINE_REDIS_URL: needed for a worker that leaves some queues to others"])
    concurrency = {
        queue: threads or limit for queue, limit in concurrency_by_queue(settings.job_queue).items() if queue in queues
    }
    # SQLite is one worker's, which holds the lock on its folder; beside Postgres there may be others at work.
    lifetime = ApplicationLifetime(
        lambda: bootstrap(settings, Role.WORKER, broker),
        sweep_every_s=settings.jobs.sweep_seconds,
        recovers=settings.database.is_embedded,
    )
    broker = make_broker(settings.job_queue, middleware=[AsyncIO(), lifetime], concurrency=concurrency)
    declare_actors(broker, lifetime.application)
    # A thread for each message that may be in work, so that none waits here while another worker has time.
    worker = Worker(
        broker,
        queues={queue.value for queue in queues},
        worker_threads=sum(concurrency.values()),
        worker_timeout=POLL_MS,
    )
    try:
        worker.start()
        lifetime.application()
        yield broker
    finally:
        worker.stop(STOP_TIMEOUT_MS)
        broker.close()
