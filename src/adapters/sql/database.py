"""Units of work in SQL."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.sql import schema_revision
from adapters.sql.errors import SQL_ERRORS, translate_error
from adapters.sql.event_log import SqlEventLog
from adapters.sql.full_text import open_memory, require_fts5
from adapters.sql.idempotency_repository import SqlIdempotencyRepository
from adapters.sql.job_repository import SqlJobRepository
from adapters.sql.operations_repository import SqlOperationsRepository
from adapters.sql.playback_token_repository import SqlPlaybackTokenRepository
from adapters.sql.schedule_repository import SqlScheduleRepository
from adapters.sql.ticket_repository import SqlTicketRepository
from adapters.sql.transcript_index import SqlTranscriptIndex
from adapters.sql.transcript_repository import SqlTranscriptRepository
from adapters.sql.usage_repository import SqlUsageRepository
from adapters.sql.video_repository import SqlVideoRepository
from adapters.sql.webhook_delivery_repository import SqlWebhookDeliveryRepository
from adapters.sql.webhook_endpoint_repository import SqlWebhookEndpointRepository
from domain.ports.database import Database, UnitOfWork
from domain.ports.event_bus import EventBus, EventsWritten

BUSY_TIMEOUT_MS = 20_000

_READING = {"telecine_read_only": True}


class SqlDatabase(Database):
    """One engine, bound to the event loop that uses it; `reading` are the options of a read-only transaction.

    After a commit that has written events, `EventsWritten` is published on the `bus`.
    """

    def __init__(self, engine: AsyncEngine, reading: Mapping[str, object], bus: EventBus | None = None) -> None:
        self._engine = engine
        self._bus = bus
        self._reader = engine.execution_options(**reading)

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        try:
            async with self._engine.begin() as connection:
                usage, events = SqlUsageRepository(connection), SqlEventLog(connection)
                yield _unit_of_work(connection, usage, events, locking=True)
                # Last, so that the rows of active users are locked only while the transaction commits.
                await usage.write_changes()
        except SQL_ERRORS as error:
            raise translate_error(error) from error
        if self._bus is not None and events.has_appended:
            with suppress(Exception):  # The transaction has committed; a lost hint costs seconds.
                await self._bus.publish(EventsWritten())

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[UnitOfWork]:
        try:
            async with self._reader.begin() as connection:
                yield _unit_of_work(connection, SqlUsageRepository(connection), SqlEventLog(connection), locking=False)
        except SQL_ERRORS as error:
            raise translate_error(error) from error

    async def check(self) -> None:
        level = await self.migration_level()
        # A running process keeps working after a newer version has migrated: migrations remove nothing that it needs.
        if level.is_known:
            level.require_head()

    async def migration_level(self) -> schema_revision.MigrationLevel:
        """The migration that the database is at.

        Raises:
            Unavailable: the database does not answer.
        """
        try:
            async with self._reader.begin() as connection:
                return await connection.run_sync(schema_revision.level)
        except SQL_ERRORS as error:
            raise translate_error(error) from error


@asynccontextmanager
async def sqlite_database(path: Path, bus: EventBus | None = None) -> AsyncGenerator[SqlDatabase]:
    """A database in a file; creates the file and runs missing migrations.

    Raises:
        Unavailable: `database_unavailable`, `database_too_new` or `fts5_missing`.
    """
    require_fts5(open_memory())
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _configure_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    event.listen(engine.sync_engine, "handle_error", _keep_cancelled)
    try:
        await _migrate(engine)
        yield SqlDatabase(engine, _READING, bus)
    finally:
        await engine.dispose()


async def _migrate(engine: AsyncEngine) -> None:
    try:
        async with engine.begin() as connection:
            await connection.run_sync(schema_revision.upgrade)
    except SQL_ERRORS as error:
        raise translate_error(error) from error


def _unit_of_work(
    connection: AsyncConnection, usage: SqlUsageRepository, events: SqlEventLog, *, locking: bool
) -> UnitOfWork:
    transcript_index = SqlTranscriptIndex(connection)
    return UnitOfWork(
        SqlVideoRepository(connection, usage.changes, events, locking=locking),
        SqlJobRepository(connection, locking=locking),
        SqlTranscriptRepository(connection, transcript_index),
        usage,
        SqlIdempotencyRepository(connection),
        SqlScheduleRepository(connection),
        events,
        SqlWebhookEndpointRepository(connection),
        SqlWebhookDeliveryRepository(connection),
        tickets=SqlTicketRepository(connection),
        playback_tokens=SqlPlaybackTokenRepository(connection),
        transcript_index=transcript_index,
        operations=SqlOperationsRepository(connection),
    )


def _configure_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions itself: it would begin them late, and deferred (as readers).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _keep_cancelled(context: ExceptionContext) -> None:
    """Return the connection of a cancelled statement to the pool, which rolls it back after the statement.

    SQLAlchemy would close it. SQLite keeps a closed connection, and its write lock, while a statement of it exists, and
    the exception's traceback refers to the statement until the garbage is collected.
    """
    if isinstance(context.original_exception, asyncio.CancelledError):
        context.is_disconnect = False


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once: two writers that begin as readers could both fail half way."""
    read_only = connection.get_execution_options().get("telecine_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
