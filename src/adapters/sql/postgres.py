"""Postgres: one pool of connections for one event loop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

from adapters.sql import schema_revision
from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase
from adapters.sql.errors import SQL_ERRORS, translate_error, unavailable
from domain.model.errors import Unavailable
from domain.ports.event_bus import EventBus

# One snapshot for all statements, and the server rejects writes.
_READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

# Routers drop idle connections silently; a pool that renews its connections holds few dead ones.
_RECYCLE_S = 1800
# Any number that no other program locks in this database; this one is "telecine" on a telephone keypad.
_MIGRATION_LOCK = 83532463
_MIGRATION_POLL_S = 0.2


@asynccontextmanager
async def postgres_database(config: PostgresConfig, bus: EventBus | None = None) -> AsyncGenerator[SqlDatabase]:
    """A database on a server. It must be migrated already, because several processes may open it at once.

    Raises:
        Unavailable: `database_unavailable`, `database_not_migrated` or `database_too_new`.
    """
    async with _open(config, bus) as database:
        (await database.migration_level()).require_head()
        yield database


async def postgres_migration_level(config: PostgresConfig) -> schema_revision.MigrationLevel:
    """The migration that the database is at.

    Raises:
        Unavailable: the database does not answer.
    """
    async with _open(config) as database:
        return await database.migration_level()


async def migrate_postgres(config: PostgresConfig) -> None:
    """Run every missing migration; if two processes try at once, the second waits and finds nothing to do.

    Raises:
        Unavailable: `database_unavailable` or `database_too_new`. What was migrated before the failure stays; the next
            attempt continues.
    """
    # No time limit: waiting for another migration, or building an index, may take long.
    no_limits = {"statement_timeout": "0", "lock_timeout": "0"}
    connect = partial(_connect, config, _server_settings(config) | no_limits, command_timeout_s=None)
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, poolclass=NullPool, hide_parameters=True
    )
    try:
        async with engine.connect() as connection:
            await _migrate(connection, config)
    except SQL_ERRORS as error:
        raise translate_error(error) from error
    except PendingRollbackError as error:
        # Alembic goes on with a connection that was lost.
        raise Unavailable("The connection was lost; run the migration again.", code="database_unavailable") from error
    finally:
        await engine.dispose()


async def _migrate(connection: AsyncConnection, config: PostgresConfig) -> None:
    # A lock of the session, not of the transaction, because migrations commit their steps. Not a statement that waits:
    # `CREATE INDEX CONCURRENTLY` waits for all statements that are running.
    while not await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _MIGRATION_LOCK}):
        await connection.commit()
        await asyncio.sleep(_MIGRATION_POLL_S)
    # The wait for a table's lock is limited, because all other statements on the table queue behind it.
    lock_timeout = {"value": _milliseconds(config.lock_timeout_s)}
    await connection.execute(text("SELECT set_config('lock_timeout', :value, false)"), lock_timeout)
    await connection.commit()
    await connection.run_sync(schema_revision.upgrade)


@asynccontextmanager
async def _open(config: PostgresConfig, bus: EventBus | None = None) -> AsyncGenerator[SqlDatabase]:
    engine = _pooled_engine(config)
    try:
        yield SqlDatabase(engine, _READING, bus)
    finally:
        await engine.dispose()


def _pooled_engine(config: PostgresConfig) -> AsyncEngine:
    command_timeout_s = config.statement_timeout_s + config.silence_s
    connect = partial(_connect, config, _server_settings(config), command_timeout_s=command_timeout_s)
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=config.pool_size,
        max_overflow=config.max_overflow,
        pool_timeout=config.pool_timeout_s,
        pool_recycle=_RECYCLE_S,
        pool_use_lifo=True,
        hide_parameters=True,  # Parameters hold users' data, and errors are logged.
    )
    event.listen(engine.sync_engine, "checkout", _reject_closed)
    event.listen(engine.sync_engine, "handle_error", _drop_broken)
    return engine


async def _connect(
    config: PostgresConfig, server_settings: dict[str, str], *, command_timeout_s: float | None
) -> "asyncpg.Connection[asyncpg.Record]":
    try:
        return await asyncpg.connect(
            config.dsn,
            timeout=config.connect_timeout_s,
            command_timeout=command_timeout_s,
            server_settings=server_settings,
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise translate_error(error) from error
    except (OSError, ValueError) as error:
        raise unavailable("The database server can't be reached.") from error


def _server_settings(config: PostgresConfig) -> dict[str, str]:
    """Sent with the connection request, so that no transaction needs a round trip for them."""
    return {
        "application_name": "telecine",
        "statement_timeout": _milliseconds(config.statement_timeout_s),
        "lock_timeout": _milliseconds(config.lock_timeout_s),
        "idle_in_transaction_session_timeout": _milliseconds(config.idle_in_transaction_timeout_s),
        # Compiling a statement takes longer than running it.
        "jit": "off",
    }


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def _reject_closed(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
    """A server that stops closes its connections: the pool drops them without the round trip of a ping."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _drop_broken(context: ExceptionContext) -> Unavailable | None:
    """Time-outs and broken sockets arrive as `OSError`, not as errors of the driver; drop such a connection."""
    if not isinstance(context.original_exception, OSError):
        return None
    context.is_disconnect = True
    return unavailable()
