"""Transcripts and their chunks in SQL."""

from collections.abc import Mapping

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.tables import transcript_chunks, transcripts
from adapters.sql.transcript_index import SqlTranscriptIndex
from domain.model.errors import JobNotFound, TranscriptNotFound, VideoNotFound
from domain.model.ids import JobId, VideoId
from domain.model.transcripts.transcript import CaptionTrack, ChunkTranscript, Transcript, TranscriptOrigin
from domain.ports.transcript_repository import TranscriptRepository

_TRACK = (transcripts.c.language, transcripts.c.origin, transcripts.c.track_version)
_NO_CUES = ""
_UNKNOWN_VERSION = "0"
"""The version of a transcript that was saved before versions were stored."""


class SqlTranscriptRepository(TranscriptRepository):
    """One row per transcript, and one per chunk. The index loses a transcript when its row is deleted."""

    def __init__(self, connection: AsyncConnection, index: SqlTranscriptIndex) -> None:
        self._connection = connection
        self._index = index

    async def save(self, transcript: Transcript) -> None:
        await self.delete(transcript.video_id)
        row = {
            "video_id": transcript.video_id,
            "language": transcript.language,
            "text": transcript.text,
            "cues": transcript.cues,
            "origin": transcript.origin.value,
            "track_version": _NO_CUES if transcript.track is None else transcript.track.version,
        }
        try:
            await self._insert(transcripts, row)
        except IntegrityError as error:
            raise VideoNotFound from error
        await self._index.add(transcript)

    async def get(self, video_id: VideoId) -> Transcript:
        query = select(transcripts).where(transcripts.c.video_id == video_id)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            raise TranscriptNotFound
        return Transcript(row["video_id"], row["language"], row["text"], row["cues"], TranscriptOrigin(row["origin"]))

    async def origin(self, video_id: VideoId) -> TranscriptOrigin | None:
        query = select(transcripts.c.origin).where(transcripts.c.video_id == video_id)
        origin = (await self._connection.execute(query)).scalar_one_or_none()
        return None if origin is None else TranscriptOrigin(origin)

    async def track(self, video_id: VideoId) -> CaptionTrack | None:
        query = select(*_TRACK).where(transcripts.c.video_id == video_id, transcripts.c.text != "")
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None or row["track_version"] == _NO_CUES:
            return None
        return CaptionTrack(row["language"], TranscriptOrigin(row["origin"]), row["track_version"] or _UNKNOWN_VERSION)

    async def delete(self, video_id: VideoId) -> None:
        await self._connection.execute(delete(transcripts).where(transcripts.c.video_id == video_id))

    async def save_chunk(self, job_id: JobId, index: int, chunk: ChunkTranscript) -> None:
        same = (transcript_chunks.c.job_id == job_id, transcript_chunks.c.chunk_index == index)
        await self._connection.execute(delete(transcript_chunks).where(*same))
        row = {"job_id": job_id, "chunk_index": index, "chunk": chunk}
        try:
            await self._insert(transcript_chunks, row)
        except IntegrityError as error:
            raise JobNotFound from error

    async def chunks(self, job_id: JobId) -> dict[int, ChunkTranscript]:
        query = select(transcript_chunks).where(transcript_chunks.c.job_id == job_id)
        rows = (await self._connection.execute(query)).mappings()
        return {row["chunk_index"]: row["chunk"] for row in rows}

    async def delete_chunks(self, job_id: JobId) -> None:
        await self._connection.execute(delete(transcript_chunks).where(transcript_chunks.c.job_id == job_id))

    async def _insert(self, table: Table, row: Mapping[str, object]) -> None:
        """Insert within a savepoint: without it, a key violation on Postgres would abort the whole transaction."""
        async with self._connection.begin_nested():
            await self._connection.execute(insert(table).values(row))
