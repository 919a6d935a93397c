"""Migrations of a Postgres database that is in use."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.sql import migration_steps
from adapters.sql.config import PostgresConfig
from adapters.sql.postgres import migrate_postgres, postgres_migration_level
from adapters.sql.tables import transcripts, videos
from domain.model.errors import Unavailable
from domain.model.ids import UserId, VideoId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.titles import title_key
from tests.integration.sql.climbing import climb, old_row, transcript_row
from tests.services.postgres import PostgresServer
from tests.support.builders import NOW, OWNER, a_source, a_uuid, a_video

pytestmark = pytest.mark.anyio

BEFORE, FIRST, VIDEOS, ROWS_AT_ONCE = "0010", 1_000, 1_300, 500

# Fails a migration that rewrites a table, or that writes rows or builds an index while it holds a lock that blocks
# other writers, and counts the rows that each transaction writes.
_WATCH = (
    "CREATE TABLE written (xid bigint, rows bigint)",
    """
    CREATE FUNCTION blocks_writers() RETURNS boolean LANGUAGE sql AS $$
        SELECT EXISTS (
            SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation IN (
                'videos'::regclass, 'transcripts'::regclass, 'jobs'::regclass, 'usage'::regclass
            ) AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        )
    $$
    """,
    """
    CREATE FUNCTION watch_rows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF blocks_writers() THEN RAISE EXCEPTION 'Rows are written under a lock that blocks writers.'; END IF;
        IF current_setting('application_name') = 'telecine' THEN
            INSERT INTO written SELECT txid_current(), count(*) FROM changed;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    *(
        f"CREATE TRIGGER watched AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed"
        " FOR EACH STATEMENT EXECUTE FUNCTION watch_rows()"
        for table in ("videos", "usage")
    ),
    """
    CREATE FUNCTION watch_statement() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF tg_event = 'table_rewrite' OR blocks_writers() THEN RAISE EXCEPTION '% blocks writers.', tg_tag; END IF;
    END
    $$
    """,
    "CREATE EVENT TRIGGER rewritten ON table_rewrite EXECUTE FUNCTION watch_statement()",
    "CREATE EVENT TRIGGER indexed ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION watch_statement()",
)
_UNWATCH = ("DROP EVENT TRIGGER rewritten", "DROP EVENT TRIGGER indexed")


@asynccontextmanager
async def _old_database(server: PostgresServer) -> AsyncGenerator[tuple[str, AsyncEngine]]:
    """The previous version's database, and an engine of one of its processes."""
    url = server.new_database()
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    await climb(engine, BEFORE)
    yield url, engine
    await engine.dispose()
    server.drop(url)


async def _fill(connection: AsyncConnection) -> None:
    owned = [
        a_video(
            id=VideoId(a_uuid(FIRST + number)),
            owner=(OWNER, UserId("grace"))[number % 2],
            status=VideoStatus.COMPLETED if number % 5 else VideoStatus.FAILED,
            source=a_source(filename=f"\u00c9t\u00e9 {number:04}.mp4"),
        )
        for number in range(VIDEOS)
    ]
    await connection.execute(insert(videos), [old_row(video) for video in owned])
    await connection.execute(insert(transcripts), [transcript_row(video.id) for video in owned[::2]])
    usage = "INSERT INTO usage (owner, videos_in_flight, stored_bytes, uploads, day) VALUES (:owner, 0, 0, 0, :day)"
    await connection.execute(text(usage), [{"owner": owner, "day": NOW.date()} for owner in (OWNER, "grace")])


async def _keep_writing(engine: AsyncEngine, stop: asyncio.Event) -> int:
    """What a process of the previous version does: add and change videos, and change transcripts."""
    for number in count(1):
        async with engine.begin() as connection:
            new = a_video(id=VideoId(a_uuid(FIRST + VIDEOS + number)), created_at=NOW + timedelta(seconds=number))
            await connection.execute(insert(videos), old_row(new))
            old = {"id": a_uuid(FIRST + number * 7919 % VIDEOS), "origin": ("uploaded", "generated")[number % 2]}
            await connection.execute(text("UPDATE videos SET updated_at = updated_at WHERE id = :id"), old)
            await connection.execute(text("UPDATE transcripts SET origin = :origin WHERE video_id = :id"), old)
        if stop.is_set():
            return number
    raise AssertionError


async def test_no_step_blocks_writers(postgres_server: PostgresServer) -> None:
    """Rows are written in small transactions without a table's lock, indexes are built beside writers."""
    async with _old_database(postgres_server) as (url, engine):
        async with engine.begin() as connection:
            await _fill(connection)
            for statement in _WATCH:
                await connection.exec_driver_sql(statement)
        stop = asyncio.Event()
        writer = asyncio.create_task(_keep_writing(engine, stop))
        try:
            await migrate_postgres(PostgresConfig(url))
        finally:
            stop.set()
            added = await writer
        async with engine.connect() as connection:
            most = text("SELECT max(rows), sum(rows) FROM (SELECT sum(rows) AS rows FROM written GROUP BY xid) AS each")
            at_once, in_all = (await connection.execute(most)).one()
            assert at_once <= ROWS_AT_ONCE
            assert in_all >= VIDEOS + VIDEOS // 2
            rows = (await connection.execute(text(_COMPARED))).all()
            ended = (await connection.execute(text("SELECT completed, failed FROM usage ORDER BY owner"))).all()
    assert len(rows) == VIDEOS + added
    assert [row for row in rows if row.captions != row.expected] == []
    filled = [row for row in rows if row.filename != "holiday.mp4"]
    assert len(filled) == VIDEOS
    assert all(row.title_key == title_key(row.filename) for row in filled)
    assert [tuple(row) for row in ended] == [(520, 130), (520, 130)]


_COMPARED = """
    SELECT filename, title_key, captions, CASE origin WHEN 'uploaded' THEN 'own' WHEN 'generated' THEN 'generated'
        ELSE 'none' END AS expected
    FROM videos LEFT JOIN transcripts ON video_id = id
"""


async def test_a_migration_that_failed_half_way_is_repeated(postgres_server: PostgresServer) -> None:
    """Every step skips what exists; an index whose building failed is built again."""
    all_indexes = text("SELECT count(*), count(*) FILTER (WHERE indisvalid) FROM pg_index")
    async with _old_database(postgres_server) as (url, engine):
        await migrate_postgres(PostgresConfig(url))
        async with engine.begin() as connection:
            before, _ = (await connection.execute(all_indexes)).one()
            invalid = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_videos_owner_title'::regclass"
            await connection.execute(text(invalid))
            await connection.execute(text("DROP INDEX ix_jobs_dead"))
            await connection.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": BEFORE})
        await migrate_postgres(PostgresConfig(url))
        async with engine.connect() as connection:
            assert (await connection.execute(all_indexes)).one() == (before, before)


async def test_the_wait_for_a_long_transaction_does_not_stop_the_others(postgres_server: PostgresServer) -> None:
    """What queues behind the migration continues while the long transaction lasts; then the migration does."""
    read = text("SELECT count(*) FROM videos")
    async with _old_database(postgres_server) as (url, engine), engine.connect() as long, engine.connect() as other:
        await long.execute(read)
        await other.execution_options(isolation_level="AUTOCOMMIT")
        migration = asyncio.create_task(migrate_postgres(PostgresConfig(url)))
        await _migration_waits(other)
        assert await other.scalar(read) == 0
        assert not migration.done()
        await long.rollback()
        await migration


async def _migration_waits(connection: AsyncConnection) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE%'")
    while True:
        if await connection.scalar(waiting):
            return
        await asyncio.sleep(0.01)


async def test_a_lock_that_is_never_free_ends_the_migration(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is half done; when the long transaction has ended, the next attempt succeeds."""
    monkeypatch.setattr(migration_steps, "LOCK_ATTEMPTS", 2)
    monkeypatch.setattr(migration_steps, "LOCK_PAUSE_S", 0.0)
    async with _old_database(postgres_server) as (url, engine), engine.connect() as long:
        await long.execute(text("SELECT count(*) FROM videos"))
        with pytest.raises(Unavailable) as failure:
            await migrate_postgres(PostgresConfig(url))
        assert failure.value.code == "database_unavailable"
        assert (await postgres_migration_level(PostgresConfig(url))).current == BEFORE
        await long.rollback()
        await migrate_postgres(PostgresConfig(url))
