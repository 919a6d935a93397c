"""F10: list pages and sweep queries with a million videos against a thousand, through the real repositories."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import create_async_engine
from tests.services.postgres import PostgresServer, running_postgres
from tests.support.builders import OWNER, VIDEO_ID, a_uuid, a_video

from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase
from adapters.sql.postgres import postgres_database
from benchmarks.figures import Figure, Run, figure, machine, table
from benchmarks.scale import FULL, QUICK, Outcome, Scale
from domain.model.ids import VideoId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import NEWEST_FIRST, VideoFilter, VideoListing, VideoSort
from domain.model.videos.video import Video

FEW, MANY = 1_000, 1_000_000
CALLS_PER_ROUND = 40
LIMIT_RATIO = 1.5
RESULT = Path(__file__).with_name("results") / "million.json"

_PAGE = 26  # The limit that the use case passes for a page of 25.
_BATCH = 100
_LIVE_JOBS = 450
_ID = "'00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0')"

# All videos have one owner, which is the worst case; one video per second, one in twenty failed.
_VIDEOS = f"""
    INSERT INTO videos SELECT {_ID}, owner, CASE WHEN n % 20 = 0 THEN 'failed' ELSE status END, source_key, filename,
        content_type, size_bytes, etag, stages, media, publication, failure, warnings, created_at + n * interval '1 s',
        updated_at, upload_expires_at
    FROM videos, generate_series(2, {{count}}) AS n WHERE id = '{VIDEO_ID}'
"""  # noqa: S608 (no external input)

# Every video has a title of its own. The same number of videos in both databases has an external id and no captions.
_LABELS = f"""
    UPDATE videos SET title = 'Holiday ' || right(id, 12), title_key = 'holiday ' || right(id, 12),
        external_id = CASE WHEN id <= '{a_uuid(500)}' THEN '7' END,
        captions = CASE WHEN id <= '{a_uuid(500)}' THEN 'none' ELSE 'generated' END
"""  # noqa: S608 (no external input)

# Jobs that are done, and jobs that become due in a day.
_HISTORY = f"""
    INSERT INTO jobs SELECT {_ID}, {_ID}, 'process', '{{{{}}}}', CASE WHEN n % 10 = 0 THEN 'queued' ELSE 'done' END, 1,
        12, statement_timestamp() + interval '1 day', NULL, 1, NULL, NULL
    FROM generate_series(1, {{count}}) AS n
"""  # noqa: S608 (no external input)

# Jobs that the sweep handles: a third never sent, a third sent an hour ago, a third abandoned.
_LIVE = f"""
    INSERT INTO jobs SELECT 'live-' || n, {_ID}, 'process', '{{{{}}}}', CASE n % 3 WHEN 2 THEN 'running' ELSE 'queued'
        END, 1, 12, statement_timestamp() - interval '2 h', CASE n % 3 WHEN 2 THEN statement_timestamp() - n * interval
        '1 ms' END, 1, CASE n % 3 WHEN 1 THEN statement_timestamp() - interval '1 h' - n * interval '1 ms' END, NULL
    FROM generate_series(1, {{count}}) AS n
"""  # noqa: S608 (no external input)


def _of(*statuses: VideoStatus, sort: VideoSort = VideoSort.NEWEST) -> VideoListing:
    return VideoListing(sort, VideoFilter(frozenset(statuses)))


Call = Callable[[SqlDatabase, Video], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Installation:
    """A seeded database; `middle` is the video in the middle of it."""

    url: str
    database: SqlDatabase
    middle: Video


async def _first_page(database: SqlDatabase, _middle: Video) -> object:
    async with database.read() as work:
        return await work.videos.page(OWNER, limit=_PAGE)


def _page_of(listing: VideoListing) -> Call:
    async def page(database: SqlDatabase, middle: Video) -> object:
        async with database.read() as work:
            return await work.videos.page(OWNER, limit=_PAGE, listing=listing, after=listing.position_after(middle))

    return page


async def _sweep_for_abandoned(database: SqlDatabase, _middle: Video) -> object:
    async with database.read() as work:
        return await work.jobs.abandoned(limit=_BATCH)


async def _sweep_for_due(database: SqlDatabase, _middle: Video) -> object:
    async with database.write() as work:
        return await work.jobs.due(limit=_BATCH, resend_after_s=60)


async def _sweep_for_all_due(database: SqlDatabase, _middle: Video) -> object:
    """Request 1.5 times as many jobs as were never sent, so that the index of sent jobs is used too."""
    async with database.write() as work:
        return await work.jobs.due(limit=_LIVE_JOBS // 2, resend_after_s=60)


CALLS: dict[str, Call] = {
    "first page": _first_page,
    "page from the middle on": _page_of(NEWEST_FIRST),
    "page of one status from the middle on": _page_of(_of(VideoStatus.FAILED)),
    "page of two statuses from the middle on": _page_of(_of(VideoStatus.FAILED, VideoStatus.PROCESSING)),
    "page in the order of titles from the middle on": _page_of(VideoListing(VideoSort.TITLE)),
    "page of one status in the order of titles": _page_of(_of(VideoStatus.FAILED, sort=VideoSort.TITLE_DESCENDING)),
    "page of one external id": _page_of(VideoListing(filter=VideoFilter(external_id="7"))),
    "page without captions": _page_of(VideoListing(filter=VideoFilter(is_without_captions=True))),
    "page of a frequent word in titles": _page_of(VideoListing(filter=VideoFilter(words=("holiday",)))),
    "sweep: abandoned jobs": _sweep_for_abandoned,
    "sweep: due jobs": _sweep_for_due,
    "sweep: due jobs, sent ones too": _sweep_for_all_due,
}


def run(scale: Scale, _folder: Path) -> Outcome:
    """Measure both databases in turn, on one server."""
    with running_postgres(durable=False) as server:
        return asyncio.run(_measured(server, scale))


async def _measured(server: PostgresServer, scale: Scale) -> Outcome:
    async with _seeded(server, FEW) as few, _seeded(server, MANY) as many:
        figures: list[Figure] = []
        details: dict[str, Any] = {}
        for what, call in CALLS.items():
            rounds = [(await _median_ms(few, call), await _median_ms(many, call)) for _ in range(scale.rounds + 1)][1:]
            figures.append(_figure(what, rounds))
            details[what] = {"milliseconds": rounds, "explain": await _explained(many, call)}
    return Outcome(figures, {"million": details})


def _figure(what: str, rounds: list[tuple[float, float]]) -> Figure:
    few, many = (median(times) for times in zip(*rounds, strict=True))
    measured = f"{many:.2f} ms with {MANY:,} videos, {few:.2f} ms with {FEW:,}"
    return figure("F10", what, [large / small for small, large in rounds], measured=measured, at_most=LIMIT_RATIO)


@asynccontextmanager
async def _seeded(server: PostgresServer, count: int) -> AsyncGenerator[Installation]:
    url = await server.migrated_database()
    name = url.rpartition("/")[2]
    async with postgres_database(PostgresConfig(url)) as database:
        completed = a_video(status=VideoStatus.COMPLETED)
        async with database.write() as work:
            await work.videos.add(completed)
        for statement in (_VIDEOS.format(count=count), _LABELS, _HISTORY.format(count=count)):
            server.execute(statement, database=name)
        # The sweep finds the same live jobs in both databases, as when workers keep up; only the history differs.
        server.execute(_LIVE.format(count=_LIVE_JOBS), database=name)
        server.execute("VACUUM (ANALYZE, FREEZE)", database=name)
        async with database.read() as work:
            middle = await work.videos.get(VideoId(a_uuid(count // 2)))
        yield Installation(url, database, middle)


async def _median_ms(at: Installation, call: Call) -> float:
    times: list[float] = []
    for _ in range(CALLS_PER_ROUND):
        began = time.perf_counter()
        await call(at.database, at.middle)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


async def _explained(at: Installation, call: Call) -> list[str]:
    """The query plan of each statement, with buffers read and time taken."""
    with _recorded() as statements:
        await call(at.database, at.middle)
    engine = create_async_engine(at.url.replace("postgresql:", "postgresql+asyncpg:"))
    plans: list[str] = []
    async with engine.connect() as connection:
        for statement, parameters in statements:
            rows = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", parameters)
            plans.append("\n".join(str(line) for line in rows.scalars()))
    await engine.dispose()
    return plans


@contextmanager
def _recorded() -> Generator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def record(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        statements.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", record)
    yield statements
    event.remove(Engine, "before_cursor_execute", record)


def main() -> int:
    """Print and store the figures and the query plans; returns 1 if a goal was missed."""
    is_quick = "--quick" in sys.argv
    date = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    outcome = run(QUICK if is_quick else FULL, Path())
    result = Run(
        date=date,
        command="python -m benchmarks.million",
        is_quick=is_quick,
        machine=machine(),
        figures=outcome.figures,
        details=outcome.details,
    )
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    for what, found in outcome.details["million"].items():
        sys.stdout.write(f"\n{what}\n" + "\n".join(found["explain"]) + "\n")
    sys.stdout.write("\n" + table(outcome.figures) + "\n")
    return 0 if all(each.is_met for each in outcome.figures) else 1


if __name__ == "__main__":
    sys.exit(main())
