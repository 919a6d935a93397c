"""Running a Dramatiq worker inside this process."""

from collections.abc import Generator
from contextlib import contextmanager

from dramatiq import Broker, Worker
from dramatiq.middleware.asyncio import AsyncIO

from entrypoints.bootstrap import MAINTENANCE_CONCURRENCY, Role, bootstrap, make_broker
from entrypoints.settings import Settings
from entrypoints.worker.actors import declare_actors
from entrypoints.worker.lifetime import ApplicationLifetime

POLL_MS = 100
STOP_TIMEOUT_MS = 25_000


@contextmanager
def running_worker(settings: Settings) -> Generator[Broker]:
    """Work on jobs inside the block; what runs when it ends is given back.

    Answers the broker over which this process may send jobs to the worker.
    Raises whatever keeps the application from opening.
    """
    lifetime = ApplicationLifetime(
        lambda: bootstrap(settings, Role.WORKER, broker), sweep_every_s=settings.sweep_seconds
    )
    broker = make_broker(settings, [AsyncIO(), lifetime])
    declare_actors(broker, lifetime.application)
    threads = settings.media_concurrency + settings.io_concurrency + MAINTENANCE_CONCURRENCY
    worker = Worker(broker, worker_threads=threads, worker_timeout=POLL_MS)
    try:
        worker.start()
        lifetime.application()
        yield broker
    finally:
        worker.stop(STOP_TIMEOUT_MS)
