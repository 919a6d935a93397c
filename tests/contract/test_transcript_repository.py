"""The contract of every transcript repository."""

from dataclasses import replace

import pytest

from domain.model.errors import JobNotFound, TranscriptNotFound, VideoNotFound
from domain.model.transcripts.language_choice import SpokenLanguage
from domain.model.transcripts.transcript import CaptionTrack, ChunkTranscript, Confidence, Segment, TranscriptOrigin
from domain.ports.database import Database
from tests.support.builders import JOB_ID, VIDEO_ID, a_cue, a_new_job, a_transcript, a_video

pytestmark = pytest.mark.anyio

CHUNK = ChunkTranscript("Hello — “world” 🎬", (Segment(0.25, 1.5, "Hello"),), "en")


async def test_a_transcript_is_stored_unchanged(database: Database) -> None:
    """Text, language and cues are returned unchanged; the last save counts."""
    async with database.write() as work:
        await work.videos.add(a_video())
        await work.transcripts.save(a_transcript())
        other = a_transcript(language="de", text="Grüße <b>& co</b>", cues=(a_cue(text="Grüße <b>& co</b>"),))
        await work.transcripts.save(other)
    async with database.read() as work:
        assert await work.transcripts.get(VIDEO_ID) == other


async def test_a_video_without_transcript_has_none(database: Database) -> None:
    """An empty transcript is not the same as none."""
    async with database.write() as work:
        await work.videos.add(a_video())
        with pytest.raises(TranscriptNotFound):
            await work.transcripts.get(VIDEO_ID)
        await work.transcripts.save(a_transcript(text="", cues=()))
        assert (await work.transcripts.get(VIDEO_ID)).cues == ()


async def test_the_origin_of_a_transcript_is_returned(database: Database) -> None:
    """None if there is no transcript."""
    async with database.write() as work:
        await work.videos.add(a_video())
        assert await work.transcripts.origin(VIDEO_ID) is None
        for origin in TranscriptOrigin:
            await work.transcripts.save(replace(a_transcript(), origin=origin))
            assert await work.transcripts.origin(VIDEO_ID) is origin
            assert (await work.transcripts.get(VIDEO_ID)).origin is origin


async def test_the_track_changes_with_the_cues(database: Database) -> None:
    """The same cues have the same version; without cues or without a transcript there is no track."""
    async with database.write() as work:
        await work.videos.add(a_video())
        assert await work.transcripts.track(VIDEO_ID) is None
        versions: list[str] = []
        for text in ("one", "two", "one"):
            transcript = a_transcript(language="de", text=text, cues=(a_cue(text=text),))
            await work.transcripts.save(transcript)
            track = await work.transcripts.track(VIDEO_ID)
            assert track == transcript.track == CaptionTrack("de", transcript.origin, track.version if track else "")
            versions.append(track.version if track else "")
        assert (versions[0], len(set(versions))) == (versions[2], 2)
        await work.transcripts.save(a_transcript(text="", cues=()))
        assert await work.transcripts.track(VIDEO_ID) is None


async def test_a_transcript_can_be_deleted(database: Database) -> None:
    """An absent one is no error."""
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
    """A late worker cannot save a transcript without a video."""
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


async def test_a_chunk_without_words_is_kept(database: Database) -> None:
    """The chunk's record is replaced once it is transcribed."""
    async with database.write() as work:
        await work.jobs.add(a_new_job())
        await work.transcripts.save_chunk(JOB_ID, 0, ChunkTranscript("", unreadable_answers=2))
    async with database.write() as work:
        assert (await work.transcripts.chunks(JOB_ID))[0].unreadable_answers == 2
        await work.transcripts.save_chunk(JOB_ID, 0, CHUNK)
        assert (await work.transcripts.chunks(JOB_ID))[0].is_transcribed


async def test_a_chunk_needs_its_job(database: Database) -> None:
    """Chunks of a deleted video cannot be saved again."""
    with pytest.raises(JobNotFound):
        async with database.write() as work:
            await work.transcripts.save_chunk(JOB_ID, 0, CHUNK)


async def test_chunks_are_deleted_with_their_job_or_before(database: Database) -> None:
    """They are deleted on request, and with the jobs of the video."""
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
    """A transcriber may return any text; characters that no database stores may be replaced, all others stay."""
    async with database.write() as work:
        await work.jobs.add(a_new_job())
        words = f"before{stray}after"
        await work.transcripts.save_chunk(JOB_ID, 0, ChunkTranscript(words, (Segment(0.0, 1.0, words),), "en"))
    async with database.read() as work:
        chunk = (await work.transcripts.chunks(JOB_ID))[0]
    for text in (chunk.text, chunk.segments[0].text):
        assert text.startswith("before")
        assert text.endswith("after")


async def test_a_chunk_keeps_its_language_and_confidence(database: Database) -> None:
    """A retry holds the language, and doubt is decided when the last chunk is there."""
    spoken, confidence = SpokenLanguage("de", 0.9375), Confidence(-0.5, 0.125)
    async with database.write() as work:
        await work.jobs.add(a_new_job())
        await work.transcripts.save_chunk(JOB_ID, 0, replace(CHUNK, spoken=spoken, confidence=confidence))
        await work.transcripts.save_chunk(JOB_ID, 1, CHUNK)
    async with database.read() as work:
        chunks = await work.transcripts.chunks(JOB_ID)
    assert (chunks[0].spoken, chunks[0].confidence) == (spoken, confidence)
    assert (chunks[1].spoken, chunks[1].confidence) == (None, None)
