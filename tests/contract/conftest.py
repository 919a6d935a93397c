"""Fixtures that several contract suites share."""

import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.fakes.database import InMemoryDatabase
from adapters.fakes.event_bus import InMemoryEventBus
from adapters.sql.config import PostgresConfig
from adapters.sql.database import sqlite_database
from adapters.sql.postgres import postgres_database
from adapters.system.clock import SystemClock
from domain.ports.database import Database
from domain.ports.event_bus import BusMessage, EventBus
from tests.services.postgres import PostgresServer, running_postgres
from tests.services.sqlite import migrated_in

DATABASES = ("in_memory", "sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres_server() -> Generator[PostgresServer]:
    """One server for all tests of a process."""
    with running_postgres(durable=False) as server:
        yield server


@asynccontextmanager
async def _opened_postgres(server: PostgresServer, bus: EventBus | None) -> AsyncGenerator[Database]:
    """A separate database per test; at the end every connection must be back in the pool."""
    url = await server.migrated_database()
    async with postgres_database(PostgresConfig(url), bus) as database:
        yield database
        assert "Current Checked out connections: 0" in database._engine.pool.status()
    server.drop(url)


@asynccontextmanager
async def opened_database(
    request: pytest.FixtureRequest, name: str, folder: Path, bus: EventBus | None = None
) -> AsyncGenerator[Database]:
    """An empty database of the given kind."""
    match name:
        case "in_memory":
            yield InMemoryDatabase(SystemClock(), bus)
        case "sqlite":
            async with sqlite_database(migrated_in(folder), bus) as database:
                yield database
        case _:
            async with _opened_postgres(request.getfixturevalue("postgres_server"), bus) as database:
                yield database


class ObservedBus(InMemoryEventBus):
    """Waits for `observe` before it accepts a message."""

    observe: Callable[[], Awaitable[object]] | None = None

    async def publish(self, message: BusMessage) -> None:
        """Publish the message when the observer has looked."""
        if self.observe is not None:
            await self.observe()
        await super().publish(message)


@pytest.fixture
def bus() -> ObservedBus:
    """The bus on which the database announces its events."""
    return ObservedBus()


@pytest.fixture(params=DATABASES)
async def database(request: pytest.FixtureRequest, tmp_path: Path, bus: ObservedBus) -> AsyncGenerator[Database]:
    """Each database in turn; no thread may be left."""
    threads_before = set(threading.enumerate())
    async with opened_database(request, str(request.param), tmp_path, bus) as opened:
        yield opened
    # The idle threads of `asyncio.to_thread` end with the event loop.
    left = {each for each in threading.enumerate() if not each.name.startswith("asyncio_")}
    for thread in left - threads_before:
        thread.join(timeout=60)
        assert not thread.is_alive()
