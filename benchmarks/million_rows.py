"""The databases of the benchmark `million`: videos of one user, with their jobs, on Postgres and on SQLite."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.postgres import PostgresServer
from tests.support.builders import VIDEO_ID, a_uuid, a_video

from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase, sqlite_database
from adapters.sql.postgres import postgres_database
from domain.model.ids import VideoId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video

LIVE_JOBS = 450
# The number of videos with an external id, with a rare word in their titles, and without captions, at any scale.
LABELLED = 500

_COPIED = (
    "owner, source_key, filename, content_type, size_bytes, etag, stages, media, publication, failure, warnings, "
    "updated_at, upload_expires_at"
)
_JOB = "id, video_id, kind, payload, state, attempt, max_attempts, run_after, lease_until, fence, sent_at"


@dataclass(frozen=True, slots=True)
class Installation:
    """A seeded database, its URL for SQLAlchemy, and the video in the middle of it."""

    url: str
    database: SqlDatabase
    middle: Video


@dataclass(frozen=True, slots=True)
class _Dialect:
    """What differs between the databases: expressions of a number `n`, and the rows from 1 to a number."""

    video_id: str
    numbers: str
    created_at: str
    last_digits: str

    def hours_from_now(self, hours: int, milliseconds: str = "0") -> str:
        """A time so many hours from now, and an expression of milliseconds earlier."""
        if self is _POSTGRES:
            return f"statement_timestamp() + {hours} * interval '1 h' - {milliseconds} * interval '1 ms'"
        return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '{hours} hours', (-({milliseconds}) / 1000.0) || ' seconds')"


_POSTGRES = _Dialect(
    video_id="'00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0')",
    numbers="generate_series({first}, {count}) AS n",
    created_at="created_at + n * interval '1 s'",
    last_digits="right(id, 12)",
)
_SQLITE = _Dialect(
    video_id="'00000000-0000-4000-8000-' || printf('%012x', n)",
    numbers="(WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
    " SELECT n FROM numbers)",
    created_at="strftime('%Y-%m-%d %H:%M:%f000', created_at, n || ' seconds')",
    last_digits="substr(id, -12)",
)


def _statements(dialect: _Dialect, count: int) -> list[str]:
    """All videos have one owner, which is the worst case; one video per second, one in twenty failed.

    Both sizes have the same live jobs, as when workers keep up; only the history differs: jobs that are done, and jobs
    that become due in a day. A third of the live ones was never sent, a third sent an hour ago, a third abandoned.
    """
    tomorrow, before = dialect.hours_from_now(24), dialect.hours_from_now(-2)
    is_labelled = f"id <= '{a_uuid(LABELLED)}'"
    return [
        f"""
        INSERT INTO videos ({_COPIED}, id, status, created_at)
        SELECT {_COPIED}, {dialect.video_id}, CASE WHEN n % 20 = 0 THEN 'failed' ELSE status END, {dialect.created_at}
        FROM videos, {dialect.numbers.format(first=2, count=count)} WHERE id = '{VIDEO_ID}'
        """,  # noqa: S608 (no external input)
        f"""
        UPDATE videos SET title = 'Holiday ' || {dialect.last_digits},
            title_key = CASE WHEN {is_labelled} THEN 'rare ' ELSE '' END || 'holiday ' || {dialect.last_digits},
            external_id = CASE WHEN {is_labelled} THEN '7' END,
            captions = CASE WHEN {is_labelled} THEN 'none' ELSE 'generated' END
        """,  # noqa: S608 (no external input)
        f"""
        INSERT INTO jobs ({_JOB})
        SELECT {dialect.video_id}, {dialect.video_id}, 'process', '{{}}',
            CASE WHEN n % 10 = 0 THEN 'queued' ELSE 'done' END, 1, 12, {tomorrow}, NULL, 1, NULL
        FROM {dialect.numbers.format(first=1, count=count)}
        """,  # noqa: S608 (no external input)
        f"""
        INSERT INTO jobs ({_JOB})
        SELECT 'live-' || n, {dialect.video_id}, 'process', '{{}}',
            CASE n % 3 WHEN 2 THEN 'running' ELSE 'queued' END, 1, 12, {before},
            CASE n % 3 WHEN 2 THEN {dialect.hours_from_now(0, "n")} END, 1,
            CASE n % 3 WHEN 1 THEN {dialect.hours_from_now(-1, "n")} END
        FROM {dialect.numbers.format(first=1, count=LIVE_JOBS)}
        """,  # noqa: S608 (no external input)
    ]


@asynccontextmanager
async def postgres_installation(server: PostgresServer, count: int) -> AsyncGenerator[Installation]:
    """A seeded database on the server."""
    url = await server.migrated_database()
    name = url.rpartition("/")[2]
    async with postgres_database(PostgresConfig(url)) as database:
        await _add_first(database)
        for statement in _statements(_POSTGRES, count):
            server.execute(statement, database=name)
        server.execute("VACUUM (ANALYZE, FREEZE)", database=name)
        yield Installation(url.replace("postgresql:", "postgresql+asyncpg:"), database, await _middle(database, count))


@asynccontextmanager
async def sqlite_installation(folder: Path, count: int) -> AsyncGenerator[Installation]:
    """A seeded database in a file of the folder."""
    path = folder / f"{count}.db"
    async with sqlite_database(path) as database:
        await _add_first(database)
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            for statement in [*_statements(_SQLITE, count), "ANALYZE"]:
                connection.execute(statement)
        yield Installation(f"sqlite+aiosqlite:///{path}", database, await _middle(database, count))


async def _add_first(database: SqlDatabase) -> None:
    async with database.write() as work:
        await work.videos.add(a_video(status=VideoStatus.COMPLETED))


async def _middle(database: SqlDatabase, count: int) -> Video:
    async with database.read() as work:
        return await work.videos.get(VideoId(a_uuid(count // 2)))
