"""The statements that the databases execute: how many, and by which index."""

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase, sqlite_database
from adapters.sql.postgres import postgres_database
from domain.model.ids import UserId, VideoId
from domain.model.search.query import parse_query
from domain.model.stage import StageName
from domain.model.uploads.labels import Labels
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import VideoFilter, VideoListing, VideoSort
from domain.model.videos.video import Video
from domain.ports.database import UnitOfWork
from tests.services.postgres import PostgresServer
from tests.services.sqlite import migrated_in
from tests.support.builders import NOW, OWNER, VIDEO_ID, a_cue, a_publication, a_source, a_transcript, a_uuid, a_video

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class ExecutedStatement:
    """One statement, with the parameters of its last row, and the number of rows."""

    statement: str
    parameters: Any
    rows: int

    @property
    def what(self) -> tuple[str, int]:
        """How the statement begins, and its number of rows."""
        return " ".join(self.statement.split()[:3]), self.rows


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[SqlDatabase]:
    """Each kind of SQL database, empty."""
    if request.param == "sqlite":
        async with sqlite_database(migrated_in(tmp_path)) as opened:
            yield opened
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = await server.migrated_database()
    async with postgres_database(PostgresConfig(url)) as opened:
        yield opened
    server.drop(url)


@contextmanager
def _recorded(engine: AsyncEngine) -> Generator[list[ExecutedStatement]]:
    """Every statement that the engine executes inside the block."""
    executed: list[ExecutedStatement] = []

    def record(*call: Any) -> None:  # noqa: ANN401 (SQLAlchemy's own objects)
        _connection, _cursor, statement, parameters, context, is_many = call
        if not statement.startswith("BEGIN"):
            executed.append(
                ExecutedStatement(statement, parameters, len(context.compiled_parameters) if is_many else 1)
            )

    event.listen(engine.sync_engine, "before_cursor_execute", record)
    yield executed
    event.remove(engine.sync_engine, "before_cursor_execute", record)


def _videos(count: int, *owners: UserId, status: VideoStatus = VideoStatus.UPLOADING, first: int = 1) -> list[Video]:
    return [
        a_video(id=VideoId(a_uuid(number)), owner=owners[number % len(owners)], status=status)
        for number in range(first, first + count)
    ]


async def test_usage_costs_one_row_an_owner_however_many_videos_are_added(database: SqlDatabase) -> None:
    """In one statement for all owners, at the very end."""
    with _recorded(database._engine) as executed:
        async with database.write() as work:
            await work.videos.add(*_videos(60, OWNER, UserId("grace"), UserId("alan")))
    assert [each.what for each in executed] == [("INSERT INTO videos", 60), ("INSERT INTO usage", 3)]


async def test_holding_costs_two_statements(database: SqlDatabase) -> None:
    """One statement writes the pending changes, one locks the usage; nothing is written again at the end."""
    with _recorded(database._engine) as executed:
        async with database.write() as work:
            await work.videos.add(*_videos(60, OWNER))
            await work.usage.lock(OWNER)
    assert [each.what for each in executed] == [
        ("INSERT INTO videos", 60),
        ("INSERT INTO usage", 1),
        ("SELECT usage.owner, usage.videos_in_flight,", 1),
    ]


async def test_progress_costs_nothing_more(database: SqlDatabase) -> None:
    """If a video takes up as much as before, its owner's usage is not written."""
    async with database.write() as work:
        await work.videos.add(a_video(status=VideoStatus.UPLOADED))
    with _recorded(database._engine) as executed:
        async with database.write() as work:
            video = await work.videos.get(VIDEO_ID)
            await work.videos.save(video.stage_progressed(StageName.UPLOAD, 50.0, now=NOW))
    assert [each.what[0].split()[0] for each in executed] == ["SELECT", "UPDATE"]


async def test_events_cost_one_insert_however_many_they_are(database: SqlDatabase) -> None:
    """A save with events costs one statement more; adding a new video or saving one without events costs none.

    A save of events that are written already reads them, to notice a stale video.
    """
    completed = a_video(status=VideoStatus.COMPLETED)
    async with database.write() as work:
        await work.videos.add(a_video())
    with _recorded(database._engine) as executed:
        async with database.write() as work:
            await work.videos.save(completed)
            await work.videos.save(completed)
    assert [each.what[0].split()[0] for each in executed] == [
        *("SELECT", "UPDATE", "INSERT"),
        *("SELECT", "UPDATE", "INSERT"),
    ]
    assert executed[2].what == ("INSERT INTO events", completed.event_seq)


async def test_positions_cost_four_statements_and_one_without_events(database: SqlDatabase) -> None:
    """Whatever the number of events; without new events, the row of positions is not locked."""
    async with database.write() as work:
        await work.videos.add(*_videos(20, OWNER, status=VideoStatus.COMPLETED))
    with _recorded(database._engine) as executed:
        for expected in (20 * a_video(status=VideoStatus.COMPLETED).event_seq, 0):
            async with database.write() as work:
                assert await work.events.settle() == expected
    assert [each.what[0].split()[0] for each in executed] == ["SELECT", "SELECT", "UPDATE", "UPDATE", "SELECT"]


async def test_a_save_without_a_read_reads_first(database: SqlDatabase) -> None:
    """And locks the row, because the change must not be computed from an old state."""
    async with database.write() as work:
        await work.videos.add(a_video())
    with _recorded(database._engine) as executed:
        async with database.write() as work:
            await work.videos.save(a_video(source=a_source(size_bytes=1)))
    assert [each.what[0].split()[0] for each in executed] == ["SELECT", "UPDATE", "INSERT"]
    assert ("FOR UPDATE" in executed[0].statement) == (database._engine.dialect.name == "postgresql")


async def _silent_uploads(work: UnitOfWork) -> list[Video]:
    return await work.videos.stale_uploads(
        updated_before=a_video().upload_expires_at,
        expired_before=a_video().upload_expires_at.replace(year=2027),
        limit=10,
        after=VIDEO_ID,
    )


async def test_silent_uploads_are_found_among_many_videos(database: SqlDatabase) -> None:
    """By the index on uploading videos, in its order: nothing else is read, nothing is sorted."""
    async with database.write() as work:
        await work.videos.add(*_videos(2000, OWNER, status=VideoStatus.COMPLETED), *_videos(20, OWNER, first=3000))
    async with database._engine.begin() as connection:
        await connection.exec_driver_sql("ANALYZE")
    with _recorded(database._engine) as executed:
        async with database.read() as work:
            assert len(await _silent_uploads(work)) == 10
    # Not a parameter: the index is used only if the planner knows the value.
    assert "'uploading'" in executed[-1].statement
    lines = await _plan(database, executed[-1])
    assert "ix_videos_uploading" in lines
    assert "sort" not in lines.lower()
    assert "b-tree" not in lines.lower()


async def _plan(database: SqlDatabase, executed: ExecutedStatement) -> str:
    """How the database would execute a statement."""
    how = "EXPLAIN" if database._engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    async with database._engine.begin() as connection:
        plan = await connection.exec_driver_sql(f"{how} {executed.statement}", executed.parameters)
        return " ".join(str(row) for row in plan)


_FAILED = frozenset({VideoStatus.FAILED})
_LISTS = [
    *((VideoListing(sort), "ix_videos_owner_newest") for sort in (VideoSort.NEWEST, VideoSort.OLDEST)),
    *((VideoListing(sort), "ix_videos_owner_title") for sort in (VideoSort.TITLE, VideoSort.TITLE_DESCENDING)),
    (VideoListing(filter=VideoFilter(_FAILED)), "ix_videos_owner_status_newest"),
    (VideoListing(VideoSort.TITLE, VideoFilter(_FAILED)), "ix_videos_owner_status_title"),
    (VideoListing(filter=VideoFilter(external_id="x1")), "ix_videos_owner_external_id"),
    (VideoListing(filter=VideoFilter(is_without_captions=True)), "ix_videos_without_captions"),
]


async def _filled(database: SqlDatabase) -> None:
    """Many videos of one user, of which one in forty has failed, misses captions, and has the id of another system."""
    made = [
        a_video(
            id=VideoId(a_uuid(number)),
            status=VideoStatus.COMPLETED if number % 40 else VideoStatus.FAILED,
            publication=a_publication() if number % 40 == 1 else None,
            created_at=NOW + timedelta(seconds=number),
            labels=Labels(f"Video {number * 7919 % 4001}", None if number % 40 else "x1"),
        )
        for number in range(1, 4001)
    ]
    async with database.write() as work:
        await work.videos.add(*made)
    async with database._engine.begin() as connection:
        await connection.exec_driver_sql("ANALYZE")


async def test_every_order_and_every_rare_condition_has_its_index(database: SqlDatabase) -> None:
    """From the middle of the list on: nothing is sorted, and nothing else is read."""
    await _filled(database)
    for listing, index in _LISTS:
        async with database.read() as work:
            after = (await work.videos.page(OWNER, limit=40, listing=listing))[-1].position
            with _recorded(database._reader) as executed:
                assert len(await work.videos.page(OWNER, limit=10, listing=listing, after=after)) == 10
        assert len(executed) == 1
        lines = await _plan(database, executed[0])
        assert index in lines, (listing, lines)
        assert "sort" not in lines.lower(), (listing, lines)
        assert "b-tree" not in lines.lower(), (listing, lines)


async def test_a_search_in_titles_reads_only_an_index(tmp_path: Path) -> None:
    """The rows of other titles are not read; Postgres decides by its statistics, so the test asks SQLite."""
    async with sqlite_database(tmp_path / "telecine.db") as database:
        for sort, statuses in product(VideoSort, (frozenset[VideoStatus](), _FAILED)):
            listing = VideoListing(sort, VideoFilter(statuses, words=("absent",)))
            async with database.read() as work:
                with _recorded(database._reader) as executed:
                    assert await work.videos.page(OWNER, limit=10, listing=listing) == []
            name = f"ix_videos_owner{'_status' if statuses else ''}_{'title' if sort.is_by_title else 'newest_title'}"
            assert f"USING COVERING INDEX {name}" in await _plan(database, executed[0])


async def test_several_statuses_are_read_from_the_index_of_each(database: SqlDatabase) -> None:
    """Only the next rows of each are sorted."""
    await _filled(database)
    statuses = frozenset({VideoStatus.FAILED, VideoStatus.PROCESSING, VideoStatus.UPLOADING})
    for sort, index in (
        (VideoSort.NEWEST, "ix_videos_owner_status_newest"),
        (VideoSort.TITLE, "ix_videos_owner_status_title"),
    ):
        async with database.read() as work:
            with _recorded(database._reader) as executed:
                found = await work.videos.page(OWNER, limit=10, listing=VideoListing(sort, VideoFilter(statuses)))
        assert {each.video.status for each in found} == _FAILED
        lines = await _plan(database, executed[0])
        # For a status that few videos have, the database may choose another index.
        assert index in lines, lines
        assert "Seq Scan" not in lines


@pytest.mark.parametrize("query", ["a* silence", "silence", "a b"])
async def test_a_search_in_few_cues_does_not_read_those_of_others(database: SqlDatabase, query: str) -> None:
    """GIN has the cues of all owners, and a short prefix would read most of them."""
    async with database.write() as work:
        await work.videos.add(a_video())
        await work.transcripts.save(a_transcript(cues=(a_cue(text="a b"), a_cue(start_s=2.0, end_s=3.0, text="b a"))))
    async with database.read() as work:
        with _recorded(database._reader) as executed:
            hits = await work.transcript_index.search(OWNER, parse_query(query), limit=26)
    assert len(hits) == (2 if query == "a b" else 0)
    assert not [each for each in executed if "MATERIALIZED" in each.statement]
