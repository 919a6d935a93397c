"""The worker's application: opened on the actors' event loop, kept running after errors of a sweep, and closed."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from dramatiq import Worker
from dramatiq.middleware.asyncio import AsyncIO

from adapters.fakes.database import InMemoryJobRepository
from adapters.taskqueue.in_process_broker import InProcessBroker
from domain.model.errors import Unavailable
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import QueueName
from entrypoints.application import Application
from entrypoints.worker.actors import declare_actors
from entrypoints.worker.lifespan import ApplicationLifespan
from tests.e2e.processes import wait_until
from tests.support.world import World, open_world


class Opening:
    """Opens a world on the actors' event loop, and records it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.worlds: list[World] = []
        self.is_closed = False

    @asynccontextmanager
    async def __call__(self) -> AsyncGenerator[Application]:
        """The application of a world."""
        async with open_world(self.folder) as world:
            self.worlds.append(world)
            yield world.application
        self.is_closed = True


@contextmanager
def _working(
    opening: Callable[[], AbstractAsyncContextManager[Application]], *, recovers: bool = True
) -> Generator[ApplicationLifespan]:
    lifetime = ApplicationLifespan(opening, sweep_every_s=0.02, recovers=recovers)
    broker = InProcessBroker(dict.fromkeys(QueueName, 1), [AsyncIO(), lifetime])
    declare_actors(broker, lifetime.application)
    worker = Worker(broker, worker_threads=3, worker_timeout=20)
    try:
        worker.start()
        yield lifetime
    finally:
        worker.stop()


def test_an_application_lives_as_long_as_its_worker(tmp_path: Path) -> None:
    """Ready before the first message, closed when the worker has stopped; no thread is left."""
    before = set(threading.enumerate())
    opening = Opening(tmp_path)
    with _working(opening) as lifetime:
        assert lifetime.application() is opening.worlds[0].application
    assert opening.is_closed
    wait_until(lambda: not {thread for thread in set(threading.enumerate()) - before if "asyncio_" not in thread.name})


def test_a_sweep_that_breaks_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug, or an unreadable row, must not end the worker while its threads continue."""
    opening = Opening(tmp_path)
    sweeps: list[bool] = []

    async def due(_jobs: InMemoryJobRepository, *, limit: int, resend_after_s: float) -> list[Job]:
        sweeps.append(True)
        if len(sweeps) < 2:
            return []
        raise KeyError("a bug")

    monkeypatch.setattr(InMemoryJobRepository, "due", due)
    with _working(opening) as lifetime:
        lifetime.application()
        wait_until(lambda: len(sweeps) > 5)
        assert not opening.is_closed


@pytest.mark.parametrize("recovers", [True, False])
def test_only_a_single_worker_recovers_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, recovers: bool
) -> None:
    """Releasing every lease would make two workers run each job that another worker holds."""
    forgotten: list[bool] = []
    sweeps: list[bool] = []

    async def expire_all_leases(_jobs: InMemoryJobRepository) -> None:
        forgotten.append(True)

    async def due(_jobs: InMemoryJobRepository, *, limit: int, resend_after_s: float) -> list[Job]:
        sweeps.append(True)
        return []

    monkeypatch.setattr(InMemoryJobRepository, "expire_all_leases", expire_all_leases)
    monkeypatch.setattr(InMemoryJobRepository, "due", due)
    with _working(Opening(tmp_path), recovers=recovers):
        wait_until(lambda: bool(sweeps))
    assert bool(forgotten) is recovers


def test_an_error_while_opening_is_raised() -> None:
    """Dramatiq only logs errors of middleware, but the caller that starts a worker needs them."""

    @asynccontextmanager
    async def broken() -> AsyncGenerator[Application]:
        raise Unavailable("The database is away.")
        yield

    with _working(broken) as lifetime, pytest.raises(Unavailable):
        lifetime.application()


def test_without_an_event_loop_the_worker_says_so() -> None:
    """A wrong middleware order is reported at once, without waiting."""
    lifetime = ApplicationLifespan(Opening(Path()), sweep_every_s=1, recovers=True)
    broker = InProcessBroker(dict.fromkeys(QueueName, 1), [lifetime])
    worker = Worker(broker, worker_threads=1, worker_timeout=20)
    worker.start()
    try:
        with pytest.raises(RuntimeError):
            lifetime.application()
    finally:
        worker.stop()


def test_a_stop_while_opening_is_obeyed(tmp_path: Path) -> None:
    """The application finishes opening, then closes."""
    opening = Opening(tmp_path)

    @asynccontextmanager
    async def slow() -> AsyncGenerator[Application]:
        await asyncio.sleep(0.2)
        async with opening() as application:
            yield application

    with _working(slow):
        pass
    assert opening.is_closed
