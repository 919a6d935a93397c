"""Queries against the database of a running installation, over one open connection."""

import asyncio
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import asyncpg

# A trigger records the time at which a claim commits, because the jobs table no longer has it when the job is done.
_NOTE_ON_POSTGRES = """
    CREATE TABLE bench_claims (video_id text PRIMARY KEY, at double precision);
    CREATE FUNCTION bench_note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO bench_claims VALUES (NEW.video_id, extract(epoch FROM clock_timestamp())) ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER bench_claimed AFTER UPDATE ON jobs DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state = 'queued' AND NEW.state = 'running') EXECUTE FUNCTION bench_note();
"""
_NOTE_ON_SQLITE = """
    CREATE TABLE bench_claims (video_id TEXT PRIMARY KEY, at REAL);
    CREATE TRIGGER bench_claimed AFTER UPDATE OF state ON jobs WHEN OLD.state = 'queued' AND NEW.state = 'running'
    BEGIN
        INSERT OR IGNORE INTO bench_claims VALUES (NEW.video_id, (julianday('now') - 2440587.5) * 86400.0);
    END;
"""


class Rows(Protocol):
    """One connection, for SQL that both databases support."""

    def script(self, sql: str) -> None:
        """Run statements that return no rows."""
        ...

    def value(self, sql: str) -> Any:  # noqa: ANN401 (whatever is in the column)
        """The first column of the first row; None without a row."""
        ...


class PostgresRows(Rows):
    """Synchronous access to Postgres."""

    def __init__(self, runner: asyncio.Runner, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._runner = runner
        self._connection = connection

    def script(self, sql: str) -> None:
        """Run statements that return no rows."""
        self._runner.run(self._connection.execute(sql))

    def value(self, sql: str) -> Any:  # noqa: ANN401 (whatever is in the column)
        """The first column of the first row; None without a row."""
        return self._runner.run(self._connection.fetchval(sql))


class SqliteRows(Rows):
    """SQLite, while another process writes to it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def script(self, sql: str) -> None:
        """Run statements that return no rows."""
        self._connection.executescript(sql)

    def value(self, sql: str) -> Any:  # noqa: ANN401 (whatever is in the column)
        """The first column of the first row; None without a row."""
        row = self._connection.execute(sql).fetchone()
        return None if row is None else row[0]


@contextmanager
def postgres_rows(url: str) -> Generator[PostgresRows]:
    """One connection to a Postgres database."""
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(url))
        try:
            yield PostgresRows(runner, connection)
        finally:
            runner.run(connection.close())


@contextmanager
def sqlite_rows(path: Path) -> Generator[SqliteRows]:
    """One connection to a SQLite database."""
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as connection:
        yield SqliteRows(connection)


def note_claims(rows: Rows) -> None:
    """Record the time of every first claim from now on, by the database's clock, which is this machine's."""
    rows.script(_NOTE_ON_POSTGRES if isinstance(rows, PostgresRows) else _NOTE_ON_SQLITE)


def claimed_at(rows: Rows, video_id: str) -> float | None:
    """The time at which the video's first job was claimed, in seconds since 1970; None if it was not."""
    at: float | None = rows.value(f"SELECT at FROM bench_claims WHERE video_id = '{video_id}'")  # noqa: S608 (ours)
    return at


def live_videos(rows: Rows) -> int:
    """The number of videos that are queued or being processed."""
    count: int = rows.value("SELECT count(*) FROM jobs WHERE kind = 'process' AND state IN ('queued', 'running')")
    return count
