"""Transcripts in memory."""

from adapters.fakes.tables import Tables
from adapters.fakes.transcript_index import InMemoryTranscriptIndex
from domain.model.errors import JobNotFound, TranscriptNotFound, VideoNotFound
from domain.model.ids import JobId, VideoId
from domain.model.transcripts.transcript import CaptionTrack, ChunkTranscript, Transcript, TranscriptOrigin
from domain.ports.transcript_repository import TranscriptRepository


class InMemoryTranscriptRepository(TranscriptRepository):
    """Transcripts and chunks in dictionaries."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def save(self, transcript: Transcript) -> None:
        if transcript.video_id not in self._tables.videos:
            raise VideoNotFound
        self._tables.transcripts[transcript.video_id] = transcript
        await InMemoryTranscriptIndex(self._tables).add(transcript)

    async def get(self, video_id: VideoId) -> Transcript:
        try:
            return self._tables.transcripts[video_id]
        except KeyError:
            raise TranscriptNotFound from None

    async def origin(self, video_id: VideoId) -> TranscriptOrigin | None:
        transcript = self._tables.transcripts.get(video_id)
        return None if transcript is None else transcript.origin

    async def track(self, video_id: VideoId) -> CaptionTrack | None:
        transcript = self._tables.transcripts.get(video_id)
        return None if transcript is None else transcript.track

    async def delete(self, video_id: VideoId) -> None:
        self._tables.transcripts.pop(video_id, None)
        self._tables.slots.pop(video_id, None)

    async def save_chunk(self, job_id: JobId, index: int, chunk: ChunkTranscript) -> None:
        if job_id not in self._tables.jobs:
            raise JobNotFound
        self._tables.chunks[job_id, index] = chunk

    async def chunks(self, job_id: JobId) -> dict[int, ChunkTranscript]:
        return {index: chunk for (owner, index), chunk in self._tables.chunks.items() if owner == job_id}

    async def delete_chunks(self, job_id: JobId) -> None:
        for index in await self.chunks(job_id):
            del self._tables.chunks[job_id, index]
