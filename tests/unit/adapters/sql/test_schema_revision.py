"""The file of the embedded database: migrated when opened, and configured for durability."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.sql.database import sqlite_database
from domain.model.errors import Unavailable
from tests.support.builders import a_video

pytestmark = pytest.mark.anyio


async def test_opening_migrates_once(tmp_path: Path) -> None:
    """A second start finds all migrations and keeps the data."""
    path = tmp_path / "telecine.db"
    async with sqlite_database(path) as database, database.write() as work:
        await work.videos.add(a_video())
    async with sqlite_database(path) as database, database.read() as work:
        assert await work.videos.get(a_video().id) == a_video()


async def test_a_newer_versions_file_is_left_alone(tmp_path: Path) -> None:
    """After a roll-back, an older version fails and writes nothing."""
    path = tmp_path / "telecine.db"
    async with sqlite_database(path):
        pass
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    with pytest.raises(Unavailable) as failure:
        async with sqlite_database(path):
            pass
    assert (failure.value.code, failure.value.retryable) == ("database_too_new", False)


async def test_sqlite_is_configured_for_durability(tmp_path: Path) -> None:
    """WAL, foreign keys, and each commit synced to disk."""
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
