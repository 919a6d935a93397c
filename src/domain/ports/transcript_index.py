"""The index of the words in transcripts."""

from abc import abstractmethod
from typing import Protocol

from domain.model.ids import UserId, VideoId
from domain.model.search.hits import HitCursor, SearchHit
from domain.model.search.query import SearchQuery
from domain.model.transcripts.transcript import Transcript


class TranscriptIndex(Protocol):
    """Finds cues by their words.

    `TranscriptRepository` adds every transcript that it saves, and removes it when it is replaced or deleted, or its
    video is deleted, in the same transaction. `add` is only for transcripts that an earlier version saved.
    """

    @abstractmethod
    async def search(
        self, owner: UserId, query: SearchQuery, *, limit: int, after: HitCursor | None = None
    ) -> list[SearchHit]:
        """Up to `limit` cues of the owner's videos that match the query, after the cursor.

        A cue matches if `highlights_of` finds the query in its text. The cues of the newest video come first, and
        within a video the earliest cue; the order of videos that were created at the same time is fixed.
        """

    @abstractmethod
    async def missing(self, *, limit: int, after: VideoId | None = None) -> list[VideoId]:
        """The videos whose transcript is not in the index as this version would add it.

        They are sorted by id and begin after the id `after`.
        """

    @abstractmethod
    async def add(self, transcript: Transcript) -> None:
        """Index a stored transcript, and replace what the index has of it.

        Raises:
            VideoNotFound: there is no such video.
        """
