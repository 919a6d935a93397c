"""What every transcript repository must do."""

from dataclasses import replace

import pytest

from domain.model.errors import JobNotFound, TranscriptNotFound, VideoNotFound
from domain.model.transcript import ChunkTranscript, Segment, TranscriptOrigin
from domain.ports.database import Database
from tests.builders import JOB_ID, VIDEO_ID, a_cue, a_new_job, a_transcript, a_video

pytestmark = pytest.mark.anyio

CHUNK = ChunkTranscript("Hello — “world” 🎬", (Segment(0.25, 1.5, "Hello"),), "en")


async def test_a_transcript_survives(database: Database) -> None:
    """Text, language and cues come back as they were; the last one saved counts."""
    async with database.write() as work:
        await work.videos.add(a_video())
        await work.transcripts.save(a_transcript())
        other = a_transcript(language="de", text="Grüße <b>& co</b>", cues=(a_cue(text="Grüße <b>& co</b>"),))
        await work.transcripts.save(other)
    async with database.read() as work:
        assert await work.transcripts.get(VIDEO_ID) == other


async def test_a_video_without_transcript_has_none(database: Database) -> None:
    """An empty transcript is something else than none."""
    async with database.write() as work:
        await work.videos.add(a_video())
        with pytest.raises(TranscriptNotFound):
            await work.transcripts.get(VIDEO_ID)
        await work.transcripts.save(a_transcript(text="", cues=()))
        assert (await work.transcripts.get(VIDEO_ID)).cues == ()


async def test_who_wrote_a_transcript_is_told(database: Database) -> None:
    """Without any, nobody."""
    async with database.write() as work:
        await work.videos.add(a_video())
        assert await work.transcripts.origin(VIDEO_ID) is None
        for origin in TranscriptOrigin:
            await work.transcripts.save(replace(a_transcript(), origin=origin))
            assert await work.transcripts.origin(VIDEO_ID) is origin
            assert (await work.transcripts.get(VIDEO_ID)).origin is origin


async def test_a_transcript_can_be_taken_away(database: Database) -> None:
    """An absent one is fine."""
    async with database.write() as work:
        await work.videos.add(a_video())
        await work.transcripts.save(a_transcript())
        for _ in range(2):
            await work.transcripts.delete(VIDEO_ID)
    async with database.read() as work:
        assert await work.transcripts.origin(VIDEO_ID) is None
        with pytest.raises(TranscriptNotFound):
            await work.transcripts.get(VIDEO_ID)


async def test_a_transcript_needs_its_video(database: Database) -> None:
    """A late worker can't leave a transcript without a video behind."""
    with pytest.raises(VideoNotFound):
        async with database.write() as work:
            await work.transcripts.save(a_transcript())


async def test_chunks_are_kept_by_job_and_index(database: Database) -> None:
    """Saving an index again replaces it."""
    async with database.write() as work:
        await work.jobs.add(a_new_job())
        await work.transcripts.save_chunk(JOB_ID, 1, ChunkTranscript("old"))
        await work.transcripts.save_chunk(JOB_ID, 1, CHUNK)
        await work.transcripts.save_chunk(JOB_ID, 0, ChunkTranscript(""))
    async with database.read() as work:
        assert await work.transcripts.chunks(JOB_ID) == {0: ChunkTranscript(""), 1: CHUNK}


async def test_what_is_known_of_a_chunk_that_was_not_heard_is_kept(database: Database) -> None:
    """Until its words take the place."""
    async with database.write() as work:
        await work.jobs.add(a_new_job())
        await work.transcripts.save_chunk(JOB_ID, 0, ChunkTranscript("", unreadable_answers=2))
    async with database.write() as work:
        assert (await work.transcripts.chunks(JOB_ID))[0].unreadable_answers == 2
        await work.transcripts.save_chunk(JOB_ID, 0, CHUNK)
        assert (await work.transcripts.chunks(JOB_ID))[0].is_heard


async def test_a_chunk_needs_its_job(database: Database) -> None:
    """Chunks of a deleted video can't come back."""
    with pytest.raises(JobNotFound):
        async with database.write() as work:
            await work.transcripts.save_chunk(JOB_ID, 0, CHUNK)


async def test_chunks_go_with_their_job_or_before(database: Database) -> None:
    """They are forgotten when told, and when the video's jobs are."""
    async with database.write() as work:
        await work.jobs.add(a_new_job())
        await work.transcripts.save_chunk(JOB_ID, 0, CHUNK)
        await work.transcripts.delete_chunks(JOB_ID)
        assert await work.transcripts.chunks(JOB_ID) == {}
        await work.transcripts.save_chunk(JOB_ID, 0, CHUNK)
        await work.jobs.delete_of_video(VIDEO_ID)
        assert await work.transcripts.chunks(JOB_ID) == {}


@pytest.mark.parametrize("stray", ["\0", "\ud800"])
async def test_no_character_keeps_a_chunk_from_being_saved(database: Database, stray: str) -> None:
    """A transcriber may say anything; what no database takes may change, and the words beside it stay."""
    async with database.write() as work:
        await work.jobs.add(a_new_job())
        heard = f"before{stray}after"
        await work.transcripts.save_chunk(JOB_ID, 0, ChunkTranscript(heard, (Segment(0.0, 1.0, heard),), "en"))
    async with database.read() as work:
        chunk = (await work.transcripts.chunks(JOB_ID))[0]
    for text in (chunk.text, chunk.segments[0].text):
        assert text.startswith("before")
        assert text.endswith("after")
