"""Runs a Dramatiq worker in this process."""

from collections.abc import Generator
from contextlib import contextmanager

from dramatiq import Broker, Worker
from dramatiq.middleware.asyncio import AsyncIO

from domain.model.jobs.payloads import QueueName
from domain.ports.event_bus import EventBus
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.job_queue import concurrency_by_queue, make_broker
from entrypoints.bootstrap.roles import Role
from entrypoints.config.settings import Settings
from entrypoints.config.values import SettingsError
from entrypoints.worker.actors import declare_actors
from entrypoints.worker.lifespan import ApplicationLifespan

POLL_MS = 100
STOP_TIMEOUT_MS = 25_000
ALL_QUEUES = frozenset(QueueName)


@contextmanager
def running_worker(
    settings: Settings,
    *,
    queues: frozenset[QueueName] = ALL_QUEUES,
    threads: int | None = None,
    bus: EventBus | None = None,
) -> Generator[Broker]:
    """Run jobs of these queues inside the block; jobs still running at its end are released.

    `threads` is the number of concurrent jobs per queue; with None, the settings decide. `bus` joins the worker to
    the API of this process.
    Yields the broker through which this process may send jobs to the worker.

    Raises:
        SettingsError: `queues` is incomplete, but without Redis no other worker can process the other queues.
        Exception: any error that prevents the application from opening.
    """
    if queues != ALL_QUEUES and not settings.job_queue.is_shared:
        raise SettingsError(["TELECINE_REDIS_URL: required for a worker that does not process all queues"])
    concurrency = {
        queue: threads or limit for queue, limit in concurrency_by_queue(settings.job_queue).items() if queue in queues
    }
    # With SQLite, the folder lock admits a single worker, so it may recover; with Postgres, others may be running.
    lifespan = ApplicationLifespan(
        lambda: bootstrap(settings, Role.WORKER, broker, bus),
        sweep_every_s=settings.jobs.sweep_seconds,
        recovers=settings.database.is_embedded,
    )
    broker = make_broker(settings.job_queue, middleware=[AsyncIO(), lifespan], concurrency=concurrency)
    declare_actors(broker, lifespan.application)
    # One thread per concurrent job, so that no message waits in this process while another worker is idle.
    worker = Worker(
        broker,
        queues={queue.value for queue in queues},
        worker_threads=sum(concurrency.values()),
        worker_timeout=POLL_MS,
    )
    try:
        worker.start()
        lifespan.application()
        yield broker
    finally:
        worker.stop(STOP_TIMEOUT_MS)
        broker.close()
