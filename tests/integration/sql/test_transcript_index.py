"""The index of transcripts beyond its contract: earlier versions, other index versions, and rare and frequent words."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text, update

from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase, sqlite_database
from adapters.sql.postgres import postgres_database
from adapters.sql.tables import indexed_transcripts, transcripts
from adapters.sql.transcript_index import _WINDOW, INDEX_VERSION
from domain.model.ids import VideoId
from domain.model.search.hits import HitCursor
from domain.model.search.query import parse_query
from domain.model.transcripts.transcript import Transcript
from tests.services.postgres import PostgresServer
from tests.services.sqlite import migrated_in
from tests.support.builders import NOW, OWNER, VIDEO_ID, a_cue, a_transcript, a_uuid, a_video

pytestmark = pytest.mark.anyio


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


async def _found(database: SqlDatabase, query: str) -> list[str]:
    async with database.read() as work:
        return [hit.text for hit in await work.transcript_index.search(OWNER, parse_query(query), limit=26)]


async def _missing(database: SqlDatabase, *, limit: int = 10, after: VideoId | None = None) -> list[VideoId]:
    async with database.read() as work:
        return await work.transcript_index.missing(limit=limit, after=after)


async def _save_as_before(database: SqlDatabase, transcript: Transcript) -> None:
    """Save a transcript as the version without an index does."""
    row = {
        "video_id": transcript.video_id,
        "language": transcript.language,
        "text": transcript.text,
        "cues": transcript.cues,
        "origin": transcript.origin.value,
    }
    async with database._engine.begin() as connection:
        await connection.execute(
            text("DELETE FROM transcripts WHERE video_id = :video_id"), {"video_id": transcript.video_id}
        )
        await connection.execute(insert(transcripts).values(row))


async def test_transcripts_of_the_previous_version_are_missing(database: SqlDatabase) -> None:
    """In the order of their ids, page by page, until they are added."""
    ids = [VideoId(a_uuid(number)) for number in (1, 2, 3)]
    async with database.write() as work:
        for number, video_id in enumerate(ids):
            await work.videos.add(a_video(id=video_id, created_at=NOW + timedelta(seconds=number)))
    for video_id in ids:
        await _save_as_before(database, a_transcript(video_id=video_id))
    assert (await _found(database, "hello"), await _missing(database)) == ([], ids)
    assert (await _missing(database, limit=2), await _missing(database, after=ids[1])) == (ids[:2], ids[2:])
    async with database.write() as work:
        await work.transcript_index.add(await work.transcripts.get(ids[1]))
    assert (len(await _found(database, "hello")), await _missing(database)) == (1, [ids[0], ids[2]])


async def test_the_previous_version_can_replace_a_transcript(database: SqlDatabase) -> None:
    """During an upgrade: old words are found no more, and the new ones once the transcript is added."""
    async with database.write() as work:
        await work.videos.add(a_video())
        await work.transcripts.save(a_transcript(cues=(a_cue(text="old words"),)))
    await _save_as_before(database, a_transcript(cues=(a_cue(text="new words"),)))
    assert (await _found(database, "words"), await _missing(database)) == ([], [VIDEO_ID])
    async with database.write() as work:
        await work.transcript_index.add(await work.transcripts.get(VIDEO_ID))
    assert (await _found(database, "words"), await _missing(database)) == (["new words"], [])


@pytest.mark.parametrize("newer", [-1, 1])
async def test_a_transcript_of_an_earlier_index_is_missing(database: SqlDatabase, newer: int) -> None:
    """A later one is not: during an upgrade, an old worker leaves what a new one has added."""
    async with database.write() as work:
        await work.videos.add(a_video())
        await work.transcripts.save(a_transcript())
    async with database._engine.begin() as connection:
        await connection.execute(update(indexed_transcripts).values(version=INDEX_VERSION + newer))
    assert await _missing(database) == ([VIDEO_ID] if newer < 0 else [])


async def test_words_of_any_frequency_are_found_page_by_page(database: SqlDatabase) -> None:
    """Whether they are in every cue, now and then, or only beyond the cues that Postgres reads first."""
    count = 2 * _WINDOW
    frequencies = {"always": 1, "often": 7, "seldom": 500, "late": count - 1}
    cues = [
        a_cue(start_s=float(number), text=" ".join(word for word, every in frequencies.items() if number % every == 0))
        for number in range(1, count + 1)
    ]
    async with database.write() as work:
        await work.videos.add(a_video())
        await work.transcripts.save(a_transcript(cues=tuple(cues)))
    for word, every in frequencies.items():
        found, after = list[float](), None
        async with database.read() as work:
            while page := await work.transcript_index.search(OWNER, parse_query(word), limit=101, after=after):
                found += [hit.start_s for hit in page]
                after = HitCursor(page[-1].position)
        assert found == [cue.start_s for cue in cues if round(cue.start_s) % every == 0]


async def test_the_full_text_table_agrees_with_its_rows(tmp_path: Path) -> None:
    """FTS5's own check, after transcripts were replaced and deleted."""
    async with sqlite_database(migrated_in(tmp_path)) as database:
        async with database.write() as work:
            for number in (1, 2, 3):
                await work.videos.add(a_video(id=VideoId(a_uuid(number)), created_at=NOW + timedelta(days=number)))
                await work.transcripts.save(a_transcript(video_id=VideoId(a_uuid(number))))
            await work.transcripts.save(a_transcript(cues=(a_cue(text="new words"), a_cue(text="東京都"))))
            await work.videos.delete(VideoId(a_uuid(2)), now=NOW)
        async with database._engine.begin() as connection:
            await connection.execute(text("INSERT INTO cue_terms (cue_terms, rank) VALUES ('integrity-check', 1)"))
            assert (await connection.execute(text("SELECT count(*) FROM indexed_cues"))).scalar_one() == 3
