"""Opens and migrates the database."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from adapters.sql.config import PostgresConfig
from adapters.sql.database import sqlite_database
from domain.ports.database import Database
from domain.ports.event_bus import EventBus
from entrypoints.config.database import DatabaseSettings
from entrypoints.config.values import required


def open_database(
    database: DatabaseSettings, *, data_dir: Path, bus: EventBus | None = None
) -> AbstractAsyncContextManager[Database]:
    """Open Postgres, or SQLite in the data folder; the database announces its events on the `bus`."""
    if database.is_embedded:
        return sqlite_database(data_dir / "telecine.db", bus)
    from adapters.sql.postgres import postgres_database

    return postgres_database(postgres_config(database), bus)


async def migrate_database(database: DatabaseSettings, *, data_dir: Path) -> None:
    """Migrate the database to the tables of this version."""
    if database.is_embedded:
        async with open_database(database, data_dir=data_dir):
            return  # SQLite is migrated whenever it is opened.
    from adapters.sql.postgres import migrate_postgres

    await migrate_postgres(postgres_config(database))


def postgres_config(database: DatabaseSettings) -> PostgresConfig:
    """Return the configuration of the Postgres adapter.

    Raises:
        SettingsError: its URL is not set.
    """
    return PostgresConfig(
        url=required(database.url, "database_url").reveal(),
        pool_size=database.pool_size,
        pool_timeout_s=database.pool_timeout_seconds,
        statement_timeout_s=database.statement_timeout_seconds,
    )
