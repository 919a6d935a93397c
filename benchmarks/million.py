"""F10: list pages and sweep queries with a million videos against a thousand, through the real repositories."""

import argparse
import asyncio
import shlex
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import msgspec
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import create_async_engine
from tests.services.postgres import running_postgres
from tests.support.builders import OWNER

from adapters.sql.database import SqlDatabase
from benchmarks.figures import Figure, Run, figure, machine, table
from benchmarks.million_rows import LIVE_JOBS, Installation, postgres_installation, sqlite_installation
from benchmarks.scale import FULL, QUICK, Outcome, Scale
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import NEWEST_FIRST, VideoFilter, VideoListing, VideoSort
from domain.model.videos.video import Video

FEW, MANY = 1_000, 1_000_000
CALLS_PER_ROUND = 40
MAX_ROUND_MS = 4_000.0
LIMIT_RATIO = 1.5
RESULT = Path(__file__).with_name("results") / "million.json"

_PAGE = 26  # The limit that the use case passes for a page of 25.
_BATCH = 100


def _of(*statuses: VideoStatus, sort: VideoSort = VideoSort.NEWEST) -> VideoListing:
    return VideoListing(sort, VideoFilter(frozenset(statuses)))


Call = Callable[[SqlDatabase, Video], Awaitable[object]]


async def _first_page(database: SqlDatabase, _middle: Video) -> object:
    async with database.read() as work:
        return await work.videos.page(OWNER, limit=_PAGE)


def _first_page_of(listing: VideoListing) -> Call:
    async def page(database: SqlDatabase, _middle: Video) -> object:
        async with database.read() as work:
            return await work.videos.page(OWNER, limit=_PAGE, listing=listing)

    return page


def _page_between(sort: VideoSort, words: tuple[str, ...] = ()) -> Call:
    """A page of the videos of some minutes around the middle."""

    async def page(database: SqlDatabase, middle: Video) -> object:
        between = (middle.created_at - timedelta(minutes=5), middle.created_at + timedelta(minutes=5))
        listing = VideoListing(sort, VideoFilter(words=words, created_after=between[0], created_before=between[1]))
        async with database.read() as work:
            return await work.videos.page(OWNER, limit=_PAGE, listing=listing)

    return page


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
        return await work.jobs.due(limit=LIVE_JOBS // 2, resend_after_s=60)


_RARE = VideoFilter(words=("rare",))
CALLS: dict[str, Call] = {
    "first page": _first_page,
    "page from the middle on": _page_of(NEWEST_FIRST),
    "page from the middle on, oldest first": _page_of(VideoListing(VideoSort.OLDEST)),
    "page of one status from the middle on": _page_of(_of(VideoStatus.FAILED)),
    "page of two statuses from the middle on": _page_of(_of(VideoStatus.FAILED, VideoStatus.PROCESSING)),
    "first page in the order of titles": _first_page_of(VideoListing(VideoSort.TITLE)),
    "page in the order of titles from the middle on": _page_of(VideoListing(VideoSort.TITLE)),
    "page of one status in the order of titles": _page_of(_of(VideoStatus.FAILED, sort=VideoSort.TITLE_DESCENDING)),
    "page of two statuses in the order of titles": _page_of(
        _of(VideoStatus.FAILED, VideoStatus.PROCESSING, sort=VideoSort.TITLE)
    ),
    "page of one external id": _first_page_of(VideoListing(filter=VideoFilter(external_id="7"))),
    "page of one external id in the order of titles": _first_page_of(
        VideoListing(VideoSort.TITLE, VideoFilter(external_id="7"))
    ),
    "page without captions": _first_page_of(VideoListing(filter=VideoFilter(is_without_captions=True))),
    "page of ten minutes": _page_between(VideoSort.NEWEST),
    "page of ten minutes in the order of titles": _page_between(VideoSort.TITLE),
    "page of ten minutes with a word": _page_between(VideoSort.NEWEST, ("holiday",)),
    "page of a frequent word in titles": _page_of(VideoListing(filter=VideoFilter(words=("holiday",)))),
    "page of a word in 500 titles": _first_page_of(VideoListing(filter=_RARE)),
    "page of a word in 500 titles, in their order": _first_page_of(VideoListing(VideoSort.TITLE, _RARE)),
    "page of a word in no title": _first_page_of(VideoListing(filter=VideoFilter(words=("absent",)))),
    "sweep: abandoned jobs": _sweep_for_abandoned,
    "sweep: due jobs": _sweep_for_due,
    "sweep: due jobs, sent ones too": _sweep_for_all_due,
}


def run(scale: Scale, folder: Path, *, many_videos: int = MANY) -> Outcome:
    """Measure both sizes in turn, on each kind of database."""
    return asyncio.run(_measured(scale, folder, many_videos))


async def _measured(scale: Scale, folder: Path, many_videos: int) -> Outcome:
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    for kind in ("Postgres", "SQLite"):
        async with _installations(kind, folder, (FEW, many_videos)) as (few, many):
            for what, call in CALLS.items():
                rounds = [(await _times_ms(few, call), await _times_ms(many, call)) for _ in range(scale.rounds + 1)]
                figures.append(_figure(f"{kind}: {what}", rounds[1:], many_videos))
                sys.stderr.write(f"{table(figures[-1:]).splitlines()[-1]}\n")
                details[f"{kind}: {what}"] = {
                    "milliseconds": [[median(small), median(large)] for small, large in rounds[1:]],
                    "explain": await _explained(many, call, kind),
                }
    return Outcome(figures, {"million": details})


@asynccontextmanager
async def _installations(
    kind: str, folder: Path, sizes: tuple[int, int]
) -> AsyncGenerator[tuple[Installation, Installation]]:
    async with AsyncExitStack() as stack:
        if kind == "SQLite":
            few, many = [await stack.enter_async_context(sqlite_installation(folder, each)) for each in sizes]
        else:
            server = stack.enter_context(running_postgres(durable=False))
            few, many = [await stack.enter_async_context(postgres_installation(server, each)) for each in sizes]
        yield few, many


def _figure(what: str, rounds: list[tuple[list[float], list[float]]], many_videos: int) -> Figure:
    few, many = ([time for times in each for time in times] for each in zip(*rounds, strict=True))
    p99 = quantiles(many, n=100)[98]
    measured = f"{median(many):.2f} ms, p99 {p99:.2f} ms with {many_videos:,} videos, {median(few):.2f} ms with {FEW:,}"
    ratios = [median(large) / median(small) for small, large in rounds]
    # A run with fewer videos does not replace the figures of a full one.
    return figure("F10" if many_videos == MANY else "F10b", what, ratios, measured=measured, at_most=LIMIT_RATIO)


async def _times_ms(at: Installation, call: Call) -> list[float]:
    times: list[float] = []
    while len(times) < CALLS_PER_ROUND and sum(times) < MAX_ROUND_MS:
        began = time.perf_counter()
        await call(at.database, at.middle)
        times.append((time.perf_counter() - began) * 1000)
    return times


async def _explained(at: Installation, call: Call, kind: str) -> list[str]:
    """The query plan of each statement; Postgres adds the buffers read and the time taken."""
    how = "EXPLAIN QUERY PLAN" if kind == "SQLite" else "EXPLAIN (ANALYZE, BUFFERS)"
    with _recorded() as statements:
        await call(at.database, at.middle)
    plans: list[str] = []
    engine = create_async_engine(at.url)
    async with engine.connect() as connection:
        for statement, parameters in statements:
            if statement.startswith("BEGIN"):
                continue
            rows = await connection.exec_driver_sql(f"{how} {statement}", parameters)
            plans.append("\n".join(str(row[-1]) for row in rows))
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
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds")
    parser.add_argument("--videos", type=int, default=MANY, help=f"the larger number of videos; default: {MANY}")
    given = parser.parse_args()
    date = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    with tempfile.TemporaryDirectory(prefix="telecine-benchmark-") as folder:
        outcome = run(QUICK if given.quick else FULL, Path(folder), many_videos=given.videos)
    result = Run(
        date=date,
        command=shlex.join(["python", "-m", "benchmarks.million", *sys.argv[1:]]),
        is_quick=given.quick,
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
