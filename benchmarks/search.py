"""E5: search over a million cues against ten thousand, through the real index, and the cost of indexing."""

import asyncio
import random
import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from math import exp, log
from pathlib import Path
from statistics import median

from tests.services.postgres import running_postgres
from tests.support.builders import NOW, OWNER, a_cue, a_transcript, a_uuid, a_video

from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase, sqlite_database
from adapters.sql.postgres import postgres_database
from adapters.sql.terms_column import owner_key, owner_term
from benchmarks.figures import Figure, figure
from benchmarks.scale import Outcome, Scale
from domain.model.ids import VideoId
from domain.model.search.hits import CUES_PER_SLOT, slots_of
from domain.use_cases.search.search_transcripts import SearchTranscripts

FEW, MANY = 10_000, 1_000_000
LIMIT_MS, LIMIT_RATIO, LIMIT_INDEX_MS = 20.0, 1.5, 500.0
CALLS_PER_ROUND = 20
PAGE = 25
CUES_PER_VIDEO = 900  # One hour of speech.
WORDS_PER_CUE = 10
# Words are numbered by their frequency, which falls with the number as in a language (Zipf's law).
VOCABULARY = 30_000

QUERIES = {
    "two words": "w60 w90",
    "two rare words": "w1500 w2500",
    "a very frequent word": "w1",
    "two very frequent words": "w1 w2",
    "four frequent words": "w4 w3 w2 w1",
    "a frequent word that nobody repeats": "w1 w1 w1 w1 w1 w1",
    "a word in 1 % of the cues": "w95",
    "a rare word": "w9000",
    "a prefix": "w123*",
    "a phrase": '"w4 w9"',
    "a word that nobody said": "silence",
}

_CUES = f"""
    DROP INDEX ix_indexed_cues_terms;
    INSERT INTO indexed_cues
    SELECT slot * {CUES_PER_SLOT} + {CUES_PER_SLOT - 1} - cue, slot, {owner_key(OWNER)}, 4 * cue, 4 * cue + 3, words,
        to_tsvector('simple', words)
    FROM indexed_transcripts, generate_series(0, {CUES_PER_VIDEO - 1}) AS cue, LATERAL (
        SELECT string_agg('w' || floor(exp(random() * ln({VOCABULARY})))::int, ' ') AS words
        FROM generate_series(1, {WORDS_PER_CUE}) WHERE slot IS NOT NULL AND cue IS NOT NULL
    ) AS said;
    CREATE INDEX ix_indexed_cues_terms ON indexed_cues USING gin (terms) WITH (fastupdate = off);
"""  # noqa: S608 (no external input)


@dataclass(frozen=True, slots=True)
class Engine:
    """One kind of database with few cues and with many."""

    name: str
    few: SqlDatabase
    many: SqlDatabase


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure each query in turn on both sizes of both kinds of database."""
    folder.mkdir(exist_ok=True)
    return asyncio.run(_run(scale, folder))


async def _run(scale: Scale, folder: Path) -> Outcome:
    figures: list[Figure] = []
    details: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for opened in (_sqlite(folder), _postgres()):
        async with opened as engine:
            details[engine.name] = {}
            for what, query in QUERIES.items():
                # One round more, which fills the caches.
                rounds = [
                    (await _median_ms(engine.few, query), await _median_ms(engine.many, query))
                    for _ in range(scale.rounds + 1)
                ][1:]
                details[engine.name][what] = rounds
                figures += _figures(f"{engine.name}: {what}", rounds)
            figures.append(await _indexing(engine, scale.rounds))
    return Outcome(figures, {"search": details})


def _figures(what: str, rounds: list[tuple[float, float]]) -> list[Figure]:
    few, many = (median(times) for times in zip(*rounds, strict=True))
    measured = f"{many:.2f} ms with {MANY:,} cues, {few:.2f} ms with {FEW:,}"
    ratios = [large / small for small, large in rounds]
    return [
        figure("E5", what, [large for _, large in rounds], measured=measured, at_most=LIMIT_MS, unit="ms"),
        figure("E5", what, ratios, measured=measured, at_most=LIMIT_RATIO),
    ]


async def _median_ms(database: SqlDatabase, text: str) -> float:
    search = SearchTranscripts(database)
    times: list[float] = []
    for _ in range(CALLS_PER_ROUND):
        began = time.perf_counter()
        await search(OWNER, text, limit=PAGE)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


async def _indexing(engine: Engine, rounds: int) -> Figure:
    """The time to save the transcript of an hour, with its index, among a million cues."""
    times: list[float] = []
    for number in range(rounds):
        video_id = VideoId(a_uuid(10_000_000 + number))
        cues = tuple(a_cue(float(cue), cue + 0.9, text) for cue, text in enumerate(_texts(CUES_PER_VIDEO, number)))
        began = time.perf_counter()
        async with engine.many.write() as work:
            await work.videos.add(a_video(id=video_id, created_at=NOW - timedelta(days=1 + number)))
            await work.transcripts.save(a_transcript(video_id=video_id, cues=cues))
        times.append((time.perf_counter() - began) * 1000)
    measured = f"{CUES_PER_VIDEO} cues of {WORDS_PER_CUE} words"
    what = f"{engine.name}: saving the transcript of an hour"
    return figure("E5", what, times, measured=measured, at_most=LIMIT_INDEX_MS, unit="ms")


def _texts(count: int, seed: int) -> list[str]:
    choices = random.Random(seed)  # noqa: S311 (the same words in every run)
    largest = log(VOCABULARY)
    return [" ".join(f"w{int(exp(choices.random() * largest))}" for _ in range(WORDS_PER_CUE)) for _ in range(count)]


@asynccontextmanager
async def _sqlite(folder: Path) -> AsyncGenerator[Engine]:
    async with _sqlite_with(folder / "few.db", FEW) as few, _sqlite_with(folder / "many.db", MANY) as many:
        yield Engine("SQLite", few, many)


@asynccontextmanager
async def _sqlite_with(path: Path, count: int) -> AsyncGenerator[SqlDatabase]:
    async with sqlite_database(path) as database:
        slots = await _with_videos(database, count)
        await asyncio.to_thread(_fill_sqlite, path, slots)
        yield database


def _fill_sqlite(path: Path, slots: list[int]) -> None:
    """Insert the cues without the triggers, and build the full-text table from them at once."""
    term, key = owner_term(OWNER), owner_key(OWNER)
    with closing(sqlite3.connect(path)) as connection:
        (trigger,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'indexed_cues_inserted'").fetchone()
        connection.execute("DROP TRIGGER indexed_cues_inserted")
        for slot in slots:
            rows = [
                (
                    slot * CUES_PER_SLOT + CUES_PER_SLOT - 1 - cue,
                    slot,
                    key,
                    4.0 * cue,
                    4.0 * cue + 3,
                    text,
                    f"{term} {text}",
                )
                for cue, text in enumerate(_texts(CUES_PER_VIDEO, slot))
            ]
            connection.executemany("INSERT INTO indexed_cues VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("INSERT INTO cue_terms (cue_terms) VALUES ('rebuild')")
        connection.execute(trigger)
        connection.commit()


@asynccontextmanager
async def _postgres() -> AsyncGenerator[Engine]:
    with running_postgres() as server:

        @asynccontextmanager
        async def seeded(count: int) -> AsyncGenerator[SqlDatabase]:
            url = await server.migrated_database()
            name = url.rpartition("/")[2]
            async with postgres_database(PostgresConfig(url)) as database:
                await _with_videos(database, count)
                server.execute(_CUES, database=name)
                server.execute("VACUUM (ANALYZE, FREEZE)", database=name)
                yield database

        few: AbstractAsyncContextManager[SqlDatabase] = seeded(FEW)
        async with few as small, seeded(MANY) as large:
            yield Engine("Postgres", small, large)


async def _with_videos(database: SqlDatabase, count: int) -> list[int]:
    """Add videos, one per minute, and the slots of their transcripts; all videos have one owner, the worst case."""
    slots: list[int] = []
    async with database.write() as work:
        for number in range(1 + count // CUES_PER_VIDEO):
            video = a_video(id=VideoId(a_uuid(number + 1)), created_at=NOW + timedelta(minutes=number))
            await work.videos.add(video)
            await work.transcripts.save(a_transcript(video_id=video.id, cues=()))
            slots.append(next(slots_of(video.created_at, video.id)))
    return slots
