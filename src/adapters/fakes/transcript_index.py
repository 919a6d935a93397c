"""An index in memory that reads every cue."""

from adapters.fakes.tables import Tables
from domain.model.errors import VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.search.hits import CUES_PER_SLOT, HitCursor, SearchHit, position_of, slots_of
from domain.model.search.matching import highlights_of
from domain.model.search.query import SearchQuery
from domain.model.transcripts.transcript import Transcript
from domain.ports.transcript_index import TranscriptIndex


class InMemoryTranscriptIndex(TranscriptIndex):
    """The slots of the indexed transcripts; a search compares the query with each cue."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def search(
        self, owner: UserId, query: SearchQuery, *, limit: int, after: HitCursor | None = None
    ) -> list[SearchHit]:
        hits = [
            hit
            for video_id, slot in self._tables.slots.items()
            if self._tables.videos[video_id].owner == owner
            for hit in self._hits(video_id, slot, query)
            if after is None or hit.position < after.position
        ]
        return sorted(hits, key=lambda hit: hit.position, reverse=True)[:limit]

    async def missing(self, *, limit: int, after: VideoId | None = None) -> list[VideoId]:
        missing = self._tables.transcripts.keys() - self._tables.slots.keys()
        return sorted(video_id for video_id in missing if after is None or video_id > after)[:limit]

    async def add(self, transcript: Transcript) -> None:
        video = self._tables.videos.get(transcript.video_id)
        if video is None:
            raise VideoNotFound
        self._tables.slots.pop(video.id, None)
        taken = set(self._tables.slots.values())
        self._tables.slots[video.id] = next(slot for slot in slots_of(video.created_at, video.id) if slot not in taken)

    def _hits(self, video_id: VideoId, slot: int, query: SearchQuery) -> list[SearchHit]:
        video = self._tables.videos[video_id]
        filename, title = video.source.filename, video.title
        return [
            SearchHit(position_of(slot, number), video_id, filename, title, cue.start_s, cue.end_s, cue.text)
            for number, cue in enumerate(self._tables.transcripts[video_id].cues[:CUES_PER_SLOT])
            if highlights_of(query, cue.text)
        ]
