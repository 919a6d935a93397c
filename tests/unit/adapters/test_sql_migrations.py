"""Migrations: up, down and up again, and equal to the tables."""

import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.sql import migrations
from adapters.sql.database import SqlDatabase, sqlite_database
from adapters.sql.tables import metadata
from domain.model.errors import Unavailable
from tests.builders import a_video

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncGenerator[AsyncEngine]:
    """An empty database."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    yield engine
    await engine.dispose()


async def test_every_step_goes_up_and_down_and_up(engine: AsyncEngine) -> None:
    """A migration that can't be taken back is found here, not in the night."""

    def climb(connection: Connection) -> None:
        config = migrations.config_for(connection)
        for revision in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
            command.upgrade(config, revision.revision)
            command.downgrade(config, "-1")
            command.upgrade(config, revision.revision)

    async with engine.begin() as connection:
        await connection.run_sync(climb)
        await connection.run_sync(migrations.require_newest)


async def test_migrations_make_the_tables_that_the_code_knows(engine: AsyncEngine) -> None:
    """Nothing is left for autogenerate to find."""

    def difference(connection: Connection) -> list[object]:
        migrations.upgrade(connection)
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with engine.begin() as connection:
        assert await connection.run_sync(difference) == []


async def test_an_old_database_fails_its_check(engine: AsyncEngine) -> None:
    """Readiness says what to do."""
    with pytest.raises(Unavailable) as failure:
        await SqlDatabase(engine).check()
    assert failure.value.code == "database_not_migrated"


async def test_opening_migrates_once(tmp_path: Path) -> None:
    """A second start finds everything in place and keeps what is there."""
    path = tmp_path / "telecine.db"
    async with sqlite_database(path) as database, database.write() as work:
        await work.videos.add(a_video())
    async with sqlite_database(path) as database, database.read() as work:
        assert await work.videos.get(a_video().id) == a_video()


async def test_sqlite_is_set_up_to_last(tmp_path: Path) -> None:
    """WAL, foreign keys, and every commit on the disk before it counts."""
    path = tmp_path / "telecine.db"
    async with sqlite_database(path) as database:
        connection = database._engine.connect()
        async with connection as opened:
            for pragma, value in (("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2)):
                assert (await opened.execute(text(f"PRAGMA {pragma}"))).scalar() == value


async def test_a_broken_database_is_unavailable(tmp_path: Path) -> None:
    """No SQL error passes the port."""
    path = tmp_path / "telecine.db"
    async with sqlite_database(path) as database:
        with sqlite3.connect(path) as other:
            other.execute("DROP TABLE transcripts")
            other.execute("DROP TABLE videos")
        other.close()
        with pytest.raises(Unavailable) as failure:
            async with database.write() as work:
                await work.videos.add(a_video())
    assert (failure.value.code, failure.value.retryable) == ("database_unavailable", True)
