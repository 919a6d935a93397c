"""Units of work in SQL."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.sql import migrations
from adapters.sql.job_repository import SqlJobRepository
from adapters.sql.transcript_repository import SqlTranscriptRepository
from adapters.sql.video_repository import SqlVideoRepository
from domain.model.errors import Unavailable
from domain.ports.database import Database, UnitOfWork

BUSY_TIMEOUT_MS = 20_000


class SqlDatabase(Database):
    """One engine; it belongs to the event loop that uses it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        async with _translated(), self._engine.begin() as connection:
            yield _unit_of_work(connection, locking=True)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[UnitOfWork]:
        async with _translated(), self._reader().begin() as connection:
            yield _unit_of_work(connection, locking=False)

    async def check(self) -> None:
        async with _translated(), self._reader().begin() as connection:
            await connection.run_sync(migrations.require_newest)

    def _reader(self) -> AsyncEngine:
        return self._engine.execution_options(telecine_read_only=True)


@asynccontextmanager
async def sqlite_database(path: Path) -> AsyncGenerator[SqlDatabase]:
    """A database in a file, made and migrated when it is not there yet."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
    event.listen(engine.sync_engine, "connect", _configure_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    try:
        async with _translated(), engine.begin() as connection:
            await connection.run_sync(migrations.upgrade)
        yield SqlDatabase(engine)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _translated() -> AsyncGenerator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        raise Unavailable("The database did not answer as it should.", code="database_unavailable") from error


def _unit_of_work(connection: AsyncConnection, *, locking: bool) -> UnitOfWork:
    return UnitOfWork(
        SqlVideoRepository(connection, locking=locking),
        SqlJobRepository(connection),
        SqlTranscriptRepository(connection),
    )


def _configure_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: it would open them too late, and as readers.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its place at once: two that had begun as readers could both fail half way."""
    read_only = connection.get_execution_options().get("telecine_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
