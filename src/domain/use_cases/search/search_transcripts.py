"""Search in the transcripts of a user."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from domain.model.ids import UserId
from domain.model.search.hits import LAST_POSITION, HitCursor, SearchHit
from domain.model.search.matching import Highlight, highlights_of
from domain.model.search.query import SearchQuery, parse_query
from domain.model.search.ranking import BLOCK_HITS, Block, Result, ResultCursor, ranked
from domain.model.videos.pagination import check_limit
from domain.ports.database import Database
from domain.ports.transcript_index import TranscriptIndex


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A hit, and the ranges of its text that match."""

    hit: SearchHit
    highlights: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits, and the cursor of the next page, None on the last page."""

    cues: tuple[FoundCue, ...]
    next_cursor: ResultCursor | None


@dataclass(frozen=True, slots=True)
class SearchTranscripts:
    """Search in everything that is said in the user's videos.

    - The results are cues: one caption with its times, in which all words of the query occur in any order. Words in
      double quotes must follow one another, and `*` after a word finds all words that begin with it.
    - Case, accents, vowel points and the width of characters make no difference. In scripts without spaces between
      words, such as Chinese, Japanese and Thai, any sequence of characters is found.
    - All other characters separate words, so no query is a syntax error. A query without a word is rejected.
    - The cues of the newest video come first, and within a video the earliest cue. They are ranked in blocks of 100: of
      each block, the cues in which the whole query occurs as one phrase, as if it were in quotes, precede the others.
    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page. Videos that are added between
      two requests do not shift the pages.
    - A transcript can be found as soon as it is stored. A phrase that continues in the next cue is not found.
    """

    database: Database
    block_hits: int = BLOCK_HITS

    async def __call__(self, owner: UserId, text: str, *, limit: int, cursor: str | None = None) -> SearchPage:
        """One page of the cues of the owner's videos that match.

        Raises:
            Rejected: `empty_query`, `query_too_long`, `invalid_limit` or `invalid_cursor`.
        """
        check_limit(limit)
        after = ResultCursor.decoded(cursor) if cursor is not None else ResultCursor.before(LAST_POSITION)
        query = parse_query(text)
        async with self.database.read() as work:
            results = await self._following(work.transcript_index, owner, query, after, count=limit + 1)
        cues = await asyncio.to_thread(_found, query, results[:limit])
        return SearchPage(cues, results[limit - 1].cursor if len(results) > limit else None)

    async def _following(
        self, index: TranscriptIndex, owner: UserId, query: SearchQuery, after: ResultCursor, *, count: int
    ) -> list[Result]:
        """At least `count` results after the cursor, or all of them."""
        size = self.block_hits
        if query.whole is None:  # All hits have the same rank, so a block is as large as the page.
            after, size = ResultCursor.before(after.position), count
        block, results = after.block, list[Result]()
        while True:
            hits = await index.search(owner, query, limit=size, after=HitCursor(block.start))
            block = block.closed(hits, size)
            # In a thread, because folding long cues would block other requests.
            found = await asyncio.to_thread(ranked, query, block, hits)
            results += [result for result in found if result.cursor.order > after.order]
            if len(results) >= count or block.end == 0:
                return results
            block = Block(block.end)


def _found(query: SearchQuery, results: Sequence[Result]) -> tuple[FoundCue, ...]:
    return tuple(FoundCue(result.hit, highlights_of(query, result.hit.text)) for result in results)
