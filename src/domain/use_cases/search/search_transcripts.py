"""Search in the transcripts of a user."""

from dataclasses import dataclass

from domain.model.ids import UserId
from domain.model.search.hits import HitCursor, SearchHit
from domain.model.search.matching import Highlight, highlights_of
from domain.model.search.query import parse_query
from domain.model.videos.pagination import check_limit
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A hit, and the ranges of its text that match."""

    hit: SearchHit
    highlights: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits, and the cursor of the next page, None on the last page."""

    cues: tuple[FoundCue, ...]
    next_cursor: HitCursor | None


@dataclass(frozen=True, slots=True)
class SearchTranscripts:
    """Search in everything that is said in the user's videos.

    - The results are cues: one caption with its times, in which all words of the query occur in any order. Words in
      double quotes must follow one another, and `*` after a word finds all words that begin with it.
    - Case, accents, vowel points and the width of characters make no difference. In scripts without spaces between
      words, such as Chinese, Japanese and Thai, any sequence of characters is found.
    - All other characters separate words, so no query is a syntax error. A query without a word is rejected.
    - The cues of the newest video come first, and within a video the earliest cue.
    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page. Videos that are added between
      two requests do not shift the pages.
    - A transcript can be found as soon as it is stored. A phrase that continues in the next cue is not found.
    """

    database: Database

    async def __call__(self, owner: UserId, text: str, *, limit: int, cursor: str | None = None) -> SearchPage:
        """One page of the cues of the owner's videos that match.

        Raises:
            Rejected: `empty_query`, `query_too_long`, `invalid_limit` or `invalid_cursor`.
        """
        check_limit(limit)
        after = HitCursor.decoded(cursor) if cursor is not None else None
        query = parse_query(text)
        async with self.database.read() as work:
            hits = await work.transcript_index.search(owner, query, limit=limit + 1, after=after)
        cues = tuple(FoundCue(hit, highlights_of(query, hit.text)) for hit in hits[:limit])
        return SearchPage(cues, HitCursor(hits[limit - 1].position) if len(hits) > limit else None)
