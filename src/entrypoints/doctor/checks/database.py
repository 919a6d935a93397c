"""Checks the database: reachable, supported, migrated, and its clock in agreement with this host's."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import asyncpg
from sqlalchemy import create_engine

from adapters.sql import schema_revision
from adapters.sql.config import PostgresConfig
from adapters.sql.errors import SQL_ERRORS, translate_error, unavailable
from adapters.sql.full_text import open_memory, require_fts5
from adapters.sql.postgres import postgres_migration_level
from adapters.sql.schema_revision import MigrationLevel
from entrypoints.bootstrap.database import postgres_config
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.report import Check, Level, Verdict, failed, in_thread, ok, warning

OLDEST_VERSION = 14
MAX_SKEW = timedelta(seconds=2)

_FACTS = """
    SELECT current_setting('server_version') AS version,
           current_setting('server_version_num')::int / 10000 AS major,
           current_setting('max_connections')::int
             - current_setting('superuser_reserved_connections')::int
             - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS free_connections,
           has_schema_privilege(current_schema(), 'CREATE') AS may_create,
           clock_timestamp() AS now
"""


def database_checks(settings: Settings) -> list[Check]:
    """The checks of the Postgres server if one is configured, else of the SQLite file in the data folder."""
    if settings.database.is_embedded:
        path = settings.storage.data_dir / "telecine.db"
        run = in_thread(partial(check_file, path))
        return [Check("database", run, f"Check {path}; if it is damaged, restore it from a backup.")]
    remedy = (
        f"Start the server, and correct {variable('database_url')}: psql with the same URL must connect from this host."
    )
    config = postgres_config(settings.database)
    return [
        Check("database", partial(check_server, config), remedy),
        Check("database level", partial(check_level, config), remedy),
        Check("database clock", partial(check_clock, config), remedy),
    ]


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """Facts about the server; `skew` is how far its clock is ahead of this host's."""

    version: str
    major: int
    free_connections: int
    may_create: bool
    skew: timedelta


async def check_server(config: PostgresConfig) -> Verdict:
    """Check the server's version and its free connections."""
    return server_verdict(await _facts(config), config.pool_size)


async def check_level(config: PostgresConfig) -> Verdict:
    """Check that exactly the migrations of this version have been applied."""
    verdict = level_verdict(await postgres_migration_level(config))
    if verdict.level is Level.FAILED and not (await _facts(config)).may_create:
        return failed(
            f"{verdict.observation}, and this user may not create tables in the schema",
            "As the database's owner: GRANT CREATE ON SCHEMA public TO <user>; then run `telecine migrate`.",
        )
    return verdict


async def check_clock(config: PostgresConfig) -> Verdict:
    """Check the server's clock."""
    return clock_verdict((await _facts(config)).skew)


def server_verdict(facts: ServerFacts, pool_size: int) -> Verdict:
    """The verdict on the server's version, and on its free connections for one more process."""
    processes = max(0, facts.free_connections) // pool_size
    observation = (
        f"PostgreSQL {facts.version}, {facts.free_connections} connections free: "
        f"enough for {processes} more processes with {pool_size} each"
    )
    if facts.major < OLDEST_VERSION:
        return failed(observation, f"Upgrade the server to PostgreSQL {OLDEST_VERSION} or newer.")
    if processes < 1:
        return warning(
            observation,
            f"Raise the server's max_connections, or lower {variable('database_pool_size')} for every process.",
        )
    return ok(observation)


def clock_verdict(skew: timedelta) -> Verdict:
    """The verdict on the clock difference: leases use the server's clock, tokens and URLs use this host's."""
    direction = "ahead of" if skew > timedelta() else "behind"
    observation = f"the server is {abs(skew).total_seconds():.1f} s {direction} this host"
    if abs(skew) > MAX_SKEW:
        return warning(observation, "Synchronize the clocks of both hosts: timedatectl set-ntp true.")
    return ok(observation)


def check_file(path: Path) -> Verdict:
    """Check the SQLite file, opened read-only, because a running Telecine of another version may use it."""
    require_fts5(open_memory())
    if not path.exists():
        return ok(f"{path} will be created at the first start")
    engine = create_engine("sqlite://", creator=partial(_read_only, path))
    try:
        with engine.connect() as connection:
            return level_verdict(schema_revision.level(connection), prefix="SQLite, ")
    except SQL_ERRORS as error:
        raise translate_error(error) from error
    finally:
        engine.dispose()


def level_verdict(level: MigrationLevel, *, prefix: str = "") -> Verdict:
    """The verdict on the database's migration against the one that this version needs."""
    observation = f"{prefix}migration {level.current or 'none'}"
    if not level.is_known:
        return failed(
            f"{observation} of a newer version; this version knows migrations up to {level.head}",
            "Install the newer version.",
        )
    if level.current != level.head:
        return failed(f"{observation}, but this version needs {level.head}", "Run `telecine migrate`.")
    return ok(f"{observation}, up to date")


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


async def _facts(config: PostgresConfig) -> ServerFacts:
    try:
        connection = await asyncpg.connect(config.dsn, timeout=config.connect_timeout_s, command_timeout=5)
        try:
            sent_at = datetime.now(UTC)
            row = await connection.fetchrow(_FACTS)
            received_at = datetime.now(UTC)
        finally:
            await connection.close(timeout=1)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise translate_error(error) from error
    except (OSError, ValueError) as error:
        raise unavailable("The database server cannot be reached.") from error
    if row is None:
        raise unavailable()
    return ServerFacts(
        version=row["version"].split()[0],
        major=row["major"],
        free_connections=row["free_connections"],
        may_create=bool(row["may_create"]),
        skew=row["now"] - (sent_at + (received_at - sent_at) / 2),
    )
