"""Errors of a database server, and how they are reported: with a reason, and nothing half done."""

import asyncio
import os
import signal
import traceback
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase
from adapters.sql.postgres import migrate_postgres, postgres_database
from adapters.sql.video_repository import SqlVideoRepository
from domain.model.errors import Rejected, Unavailable, VideoNotFound
from domain.model.ids import VideoId
from domain.ports.database import UnitOfWork
from tests.services.postgres import PASSWORD, PostgresServer
from tests.support.builders import NOW, VIDEO_ID, a_uuid, a_video

pytestmark = pytest.mark.anyio


def _connection(work: UnitOfWork) -> AsyncConnection:
    assert isinstance(work.videos, SqlVideoRepository)
    return work.videos._connection


async def _assert_empty(database: SqlDatabase) -> None:
    async with database.read() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.get(VIDEO_ID)


async def _write_and(database: SqlDatabase, then: Callable[[UnitOfWork], Awaitable[object]]) -> None:
    async with database.write() as work:
        await work.videos.add(a_video())
        await then(work)


async def _execute(work: UnitOfWork, sql: str) -> None:
    await _connection(work).execute(text(sql))


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "53300", "55P03", "57014", "57P03", "XX000"])
async def test_transient_server_errors_are_unavailable(postgres: SqlDatabase, sqlstate: str) -> None:
    """Serialization, deadlock, disk space, locks, timeouts, start-up: nothing was written, and a retry may help."""
    fail = f"DO $$ BEGIN RAISE EXCEPTION 'secret' USING ERRCODE = '{sqlstate}'; END $$"
    with pytest.raises(Unavailable) as failure:
        await _write_and(postgres, lambda work: _execute(work, fail))
    assert (failure.value.code, failure.value.retryable) == ("database_unavailable", True)
    assert "secret" not in failure.value.detail
    await _assert_empty(postgres)


async def test_a_value_that_cannot_be_stored_is_rejected(postgres: SqlDatabase) -> None:
    """A retry does not help; a value too large for the driver is the same as one too large for the server."""
    for sql in ("SELECT 1/0", "SELECT repeat('x', 300)::varchar(255)::int"):
        with pytest.raises(Rejected) as failure:
            await _write_and(postgres, lambda work, sql=sql: _execute(work, sql))
        assert failure.value.code == "value_not_storable"
    with pytest.raises(Rejected):
        await postgres_page(postgres, limit=2**70)
    await _assert_empty(postgres)


async def postgres_page(database: SqlDatabase, *, limit: int) -> None:
    """Read a page of this size."""
    async with database.read() as work:
        await work.videos.page(a_video().owner, limit=limit)


async def test_a_reader_changes_nothing(postgres: SqlDatabase) -> None:
    """The server itself enforces it."""
    with pytest.raises(Unavailable):
        async with postgres.read() as work:
            await work.videos.add(a_video())
    await _assert_empty(postgres)


async def test_a_deadlock_ends_one_of_two(postgres: SqlDatabase) -> None:
    """The other transaction continues."""
    ids = [VideoId(a_uuid(number)) for number in (1, 2)]
    async with postgres.write() as work:
        await work.videos.add(*(a_video(id=video_id) for video_id in ids))
    both_hold_one = asyncio.Barrier(2)

    async def lock(first: VideoId, second: VideoId) -> None:
        async with postgres.write() as work:
            await work.videos.get(first)
            await both_hold_one.wait()
            await work.videos.get(second)

    outcomes = await asyncio.gather(lock(ids[0], ids[1]), lock(ids[1], ids[0]), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Unavailable"]


async def test_waiting_for_a_connection_times_out(postgres_url: str) -> None:
    """The caller gets an error; afterwards, connections are available again."""
    async with postgres_database(PostgresConfig(postgres_url, pool_size=1, pool_timeout_s=0.05)) as database:
        async with database.write():
            with pytest.raises(Unavailable) as failure:
                await _assert_empty(database)
        assert "in use" in failure.value.detail
        await _assert_empty(database)


async def test_a_statement_times_out(postgres_url: str) -> None:
    """The server cancels it, and the connection stays usable."""
    async with postgres_database(PostgresConfig(postgres_url, statement_timeout_s=0.05)) as database:
        with pytest.raises(Unavailable):
            await _write_and(database, lambda work: _execute(work, "SELECT pg_sleep(60)"))
        await _assert_empty(database)


async def test_waiting_for_a_locked_row_times_out(postgres_url: str) -> None:
    """The waiting transaction fails; the one that holds the lock continues."""
    async with postgres_database(PostgresConfig(postgres_url, lock_timeout_s=0.05)) as database:
        async with database.write() as work:
            await work.videos.add(a_video())
        async with database.write() as work:
            await work.videos.get(VIDEO_ID)
            with pytest.raises(Unavailable):
                async with database.write() as other:
                    await other.videos.get(VIDEO_ID)
            await work.videos.delete(VIDEO_ID, now=NOW)
        await _assert_empty(database)


async def test_an_idle_transaction_is_ended(postgres_url: str) -> None:
    """It would keep rows locked and block vacuum indefinitely."""
    config = PostgresConfig(postgres_url, idle_in_transaction_timeout_s=0.05)
    async with postgres_database(config) as database:
        with pytest.raises(Unavailable):
            await _write_and(database, _until_cut_off)
        await _assert_empty(database)


async def _until_cut_off(work: UnitOfWork) -> None:
    cut_off = asyncio.Event()
    driver = (await _connection(work).get_raw_connection()).driver_connection
    assert isinstance(driver, asyncpg.Connection)
    driver.add_termination_listener(lambda _connection: cut_off.set())
    await cut_off.wait()


@pytest.mark.parametrize("abruptly", [False, True])
async def test_a_restart_costs_at_most_one_call(
    postgres_server: PostgresServer, postgres: SqlDatabase, *, abruptly: bool
) -> None:
    """Whatever the number of open connections."""
    await asyncio.gather(*(postgres.check() for _ in range(5)))
    await asyncio.to_thread(postgres_server.stop, abruptly=abruptly)
    with pytest.raises(Unavailable) as failure:
        await _assert_empty(postgres)
    assert failure.value.retryable
    postgres_server.start()
    failures = 0
    for _ in range(5):
        try:
            await _assert_empty(postgres)
        except Unavailable:
            failures += 1
    assert failures <= 1


async def test_a_stop_in_the_middle_drops_the_writes(postgres_server: PostgresServer, postgres: SqlDatabase) -> None:
    """Uncommitted writes are rolled back."""

    async def stop(_work: UnitOfWork) -> None:
        await asyncio.to_thread(postgres_server.stop)

    with pytest.raises(Unavailable):
        await _write_and(postgres, stop)
    postgres_server.start()
    await _assert_empty(postgres)


async def test_a_silent_server_times_out(postgres_url: str) -> None:
    """A dead connection sends no response: the caller gets an error, and the next one a new connection."""
    config = PostgresConfig(postgres_url, statement_timeout_s=0.5, silence_s=0.1)
    stopped: list[int] = []

    async def silence(work: UnitOfWork) -> None:
        pid = await _connection(work).scalar(text("SELECT pg_backend_pid()"))
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGSTOP)
        stopped.append(pid)
        await work.videos.get(VIDEO_ID)

    async with postgres_database(config) as database:
        with pytest.raises(Unavailable):
            await _write_and(database, silence)
        os.kill(stopped[0], signal.SIGCONT)
        await _assert_empty(database)


async def test_an_unreachable_server_is_reported_at_start() -> None:
    """Refused or silent, within the timeout."""
    connected: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(lambda _, writer: connected.append(writer), "127.0.0.1", 0) as silent_server:
        port = silent_server.sockets[0].getsockname()[1]
        for config in (
            PostgresConfig(f"postgresql://u:{PASSWORD}@127.0.0.1:{port}/x", connect_timeout_s=0.1),
            PostgresConfig(f"postgresql://u:{PASSWORD}@127.0.0.1:1/x"),
            PostgresConfig(f"postgresql://u:{PASSWORD}@127.0.0.1:port/x"),
        ):
            with pytest.raises(Unavailable) as failure:
                await migrate_postgres(config)
            assert failure.value.code == "database_unavailable"
        for writer in connected:
            writer.close()
            await writer.wait_closed()


async def test_no_password_is_shown(postgres_server: PostgresServer) -> None:
    """Neither the right one nor a wrong one, in any repr, detail or chain of causes."""
    wrong = "hunter2-hunter2"
    config = PostgresConfig(postgres_server.url.replace(PASSWORD, wrong))
    assert wrong not in repr(config)
    with pytest.raises(Unavailable) as failure:
        async with postgres_database(config):
            pass
    assert "password" in failure.value.detail
    assert wrong not in "".join(traceback.format_exception(failure.value))


@pytest.mark.parametrize("url", ["", "sqlite:///x", "mysql://h/d", "postgresql:///d", "postgresql://[/d", "postgres"])
def test_a_url_that_names_no_server_is_refused(url: str) -> None:
    """Before anything is opened, and without repeating the URL, which may contain a password."""
    with pytest.raises(Rejected) as failure:
        PostgresConfig(url)
    assert failure.value.code == "invalid_database_url"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_usual_scheme_is_accepted(scheme: str) -> None:
    """The driver itself accepts only one."""
    config = PostgresConfig(f"{scheme}://ada:secret@db.example:5432/telecine?sslmode=require")
    assert config.dsn == "postgresql://ada:secret@db.example:5432/telecine?sslmode=require"
