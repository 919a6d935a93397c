"""Migrations on every database: up, down and up again, and equal to the table definitions."""

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.sql import alembic_runner, schema_revision
from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase
from adapters.sql.postgres import migrate_postgres, postgres_database, postgres_migration_level
from adapters.sql.tables import metadata
from domain.model.errors import Unavailable
from tests.integration.sql.climbing import climb
from tests.services.postgres import PostgresServer

pytestmark = pytest.mark.anyio

POSTGRES_INDEXES = {"ix_indexed_cues_terms", "ix_indexed_cues_owner_key_position"}


def _shape(connection: Connection) -> dict[str, object]:
    """Every table with the names of its columns and indexes."""
    found = inspect(connection)
    return {
        table: (
            [column["name"] for column in found.get_columns(table)],
            sorted(str(index["name"]) for index in found.get_indexes(table)),
        )
        for table in found.get_table_names()
    }


async def test_every_step_goes_up_and_down_and_up(engine: AsyncEngine) -> None:
    """A migration that cannot be reverted is found here, not in production."""

    def shape(connection: Connection) -> dict[str, object]:
        found = _shape(connection)
        if engine.dialect.name == "postgresql":
            connection.commit()
        return found

    def go_up_and_down(connection: Connection) -> None:
        config = alembic_runner.config_for(connection)
        for revision in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
            before = shape(connection)
            command.upgrade(config, revision.revision)
            above = shape(connection)
            command.downgrade(config, "-1")
            assert shape(connection) == before | {"alembic_version": above["alembic_version"]}
            command.upgrade(config, revision.revision)
            assert shape(connection) == above

    async with engine.begin() if engine.dialect.name == "sqlite" else engine.connect() as connection:
        await connection.run_sync(go_up_and_down)
        (await connection.run_sync(schema_revision.level)).require_head()


def test_the_known_revisions_are_those_of_the_scripts() -> None:
    """Opening a database does not read the scripts, so a test compares them."""
    scripts = ScriptDirectory.from_config(alembic_runner.script_config()).walk_revisions()
    assert tuple(script.revision for script in scripts)[::-1] == schema_revision.REVISIONS


async def test_migrations_make_the_tables_that_the_code_knows(engine: AsyncEngine) -> None:
    """Autogenerate finds no difference."""

    def is_compared(_item: object, name: str | None, kind: str, _reflected: object, _other: object) -> bool:
        """Whether both describe it: not SQLite's full-text table with its own tables, nor indexes of Postgres alone."""
        if engine.dialect.name == "postgresql":
            return True
        return name not in POSTGRES_INDEXES and not (kind == "table" and str(name).startswith("cue_terms"))

    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_object": is_compared})
        return list(compare_metadata(context, metadata))

    await climb(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []


async def test_an_old_database_fails_its_check(engine: AsyncEngine) -> None:
    """Readiness says what to do."""
    with pytest.raises(Unavailable) as failure:
        await SqlDatabase(engine, {}).check()
    assert (failure.value.code, failure.value.retryable) == ("database_not_migrated", False)


async def test_opening_postgres_does_not_migrate(postgres_server: PostgresServer) -> None:
    """Several processes may start at once; migrating is a separate step."""
    config = PostgresConfig(postgres_server.new_database())
    with pytest.raises(Unavailable) as failure:
        async with postgres_database(config):
            pass
    assert failure.value.code == "database_not_migrated"
    assert (await postgres_migration_level(config)).current is None


async def test_concurrent_migrations_are_safe(postgres_server: PostgresServer) -> None:
    """The second one waits for the first and finds nothing to do; so does a repetition."""
    config = PostgresConfig(postgres_server.new_database())
    await asyncio.gather(*(migrate_postgres(config) for _ in range(4)))
    await migrate_postgres(config)
    level = await postgres_migration_level(config)
    assert level.current == level.head
    assert level.is_known


async def test_a_newer_versions_database_is_left_alone(postgres_url: str) -> None:
    """After a rollback, the older version reports it: it neither migrates nor opens the database."""
    engine = create_async_engine(postgres_url.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    config = PostgresConfig(postgres_url)
    with pytest.raises(Unavailable) as failure:
        await migrate_postgres(config)
    assert (failure.value.code, failure.value.retryable) == ("database_too_new", False)
    with pytest.raises(Unavailable) as failure:
        async with postgres_database(config):
            pass
    assert failure.value.code == "database_too_new"
    assert not (await postgres_migration_level(config)).is_known


async def test_a_running_process_stays_ready_while_a_newer_version_migrates(postgres: SqlDatabase) -> None:
    """A rolling upgrade migrates first; old processes serve until they are replaced."""
    async with postgres._engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await postgres.check()
