"""The doctor's findings about the database."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.sql.database import sqlite_database
from adapters.sql.schema_revision import MigrationLevel
from entrypoints.config.database import DatabaseSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.values import Secret
from entrypoints.doctor.checks.database import (
    ServerFacts,
    check_file,
    clock_verdict,
    database_checks,
    level_verdict,
    server_verdict,
)
from entrypoints.doctor.report import Level, run_check

pytestmark = pytest.mark.anyio


async def test_a_database_that_is_away_fails_every_check() -> None:
    """Nothing listens on port 1; the password is not shown."""
    settings = Settings(database=DatabaseSettings(url=Secret("postgresql://ann:canary@127.0.0.1:1/telecine")))
    for check in database_checks(settings):
        found = await run_check(check)
        assert found.verdict.level is Level.FAILED
        assert found.verdict.observation.endswith("(database_unavailable)")
        assert "psql" in found.verdict.remedy
        assert "canary" not in found.text


@pytest.mark.parametrize(
    ("current", "is_known", "level", "remedy"),
    [
        (None, True, Level.FAILED, "telecine migrate"),
        ("0001", True, Level.FAILED, "telecine migrate"),
        ("0002", True, Level.OK, ""),
        ("0009", False, Level.FAILED, "newer version"),
    ],
)
def test_a_database_must_have_this_versions_migrations(
    current: str | None, level: Level, remedy: str, *, is_known: bool
) -> None:
    """If behind, run the migrations; if ahead, install the newer Telecine."""
    seen = level_verdict(MigrationLevel(current, "0002", is_known))
    assert (seen.level, remedy in seen.remedy) == (level, True)


@pytest.mark.parametrize(
    ("major", "free_connections", "level"),
    [
        (13, 100, Level.FAILED),
        (14, 100, Level.OK),
        (14, 10, Level.OK),
        (17, 9, Level.WARNING),
        (17, -3, Level.WARNING),
    ],
)
def test_a_server_is_new_enough_and_has_room(major: int, free_connections: int, level: Level) -> None:
    """For the pool of one more process, of ten connections here."""
    facts = ServerFacts(f"{major}.1", major, free_connections, may_create=True, skew=timedelta())
    assert server_verdict(facts, pool_size=10).level is level


@pytest.mark.parametrize(
    ("skew_s", "level", "seen"),
    [
        (2.0, Level.OK, "2.0 s ahead of"),
        (-2.0, Level.OK, "2.0 s behind"),
        (2.1, Level.WARNING, "2.1 s ahead of"),
        (-3600.0, Level.WARNING, "3600.0 s behind"),
    ],
)
def test_the_clocks_of_two_hosts_agree_within_two_seconds(skew_s: float, level: Level, seen: str) -> None:
    """In both directions; the finding says which."""
    verdict = clock_verdict(timedelta(seconds=skew_s))
    assert (verdict.level, seen in verdict.observation) == (level, True)


async def test_an_embedded_database_is_only_read(tmp_path: Path) -> None:
    """A newer doctor must not migrate the database of a running older Telecine."""
    path = tmp_path / "telecine.db"
    assert check_file(path).level is Level.OK
    async with sqlite_database(path):
        assert check_file(path).level is Level.OK
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    for _ in range(2):
        seen = check_file(path)
        assert (seen.level, seen.remedy) == (Level.FAILED, "Run `telecine migrate`.")


@pytest.fixture
def damaged_database(tmp_path: Path) -> Path:
    """An invalid file in place of the database."""
    path = tmp_path / "telecine.db"
    path.write_bytes(b"this is no database at all, " * 100)
    return path


async def test_a_damaged_embedded_database_has_failed(damaged_database: Path) -> None:
    """The remedy names the file."""
    (check,) = database_checks(Settings(storage=StorageSettings(data_dir=damaged_database.parent)))
    found = await run_check(check)
    assert found.verdict.level is Level.FAILED
    assert str(damaged_database) in found.verdict.remedy
