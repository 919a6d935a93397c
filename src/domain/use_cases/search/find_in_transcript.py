"""Search in the transcript of one video."""

import asyncio
from dataclasses import dataclass, replace

from domain.model.ids import UserId, VideoId
from domain.model.search.matching import Highlight, highlights_of
from domain.model.search.query import SearchQuery, parse_query
from domain.model.transcripts.transcript import Transcript
from domain.use_cases.transcripts.get_transcript import GetTranscript


@dataclass(frozen=True, slots=True)
class FoundTranscript:
    """A transcript with only the cues that match, and the matching ranges of each cue's text."""

    transcript: Transcript
    highlights: tuple[tuple[Highlight, ...], ...]


@dataclass(frozen=True, slots=True)
class FindInTranscript:
    """Search in the transcript of one video.

    - The query is that of a search in all transcripts. The response contains only the cues that match, in their order.
    """

    get_transcript: GetTranscript

    async def __call__(self, owner: UserId, video_id: VideoId, text: str) -> FoundTranscript:
        """The matching part of the transcript of the owner's video.

        Raises:
            Rejected: `empty_query` or `query_too_long`.
            VideoNotFound: the owner has no video with this id.
            TranscriptNotFound: it has no transcript (yet).
        """
        query = parse_query(text)
        transcript = await self.get_transcript(owner, video_id)
        # In a thread, because folding a long transcript would block other requests.
        return await asyncio.to_thread(_found, transcript, query)


def _found(transcript: Transcript, query: SearchQuery) -> FoundTranscript:
    marked = [(cue, highlights_of(query, cue.text)) for cue in transcript.cues]
    found = [(cue, highlights) for cue, highlights in marked if highlights]
    cues = tuple(cue for cue, _ in found)
    shown = replace(transcript, text=" ".join(cue.text for cue in cues), cues=cues)
    return FoundTranscript(shown, tuple(highlights for _, highlights in found))
