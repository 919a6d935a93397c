"""Ranking: the order of results, and the cursor between two pages.

Hits are read from the newest one down and ranked block by block, so a page of a frequent word needs no other hits.
"""

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from domain.model.errors import Rejected
from domain.model.search.hits import LAST_POSITION, SearchHit
from domain.model.search.matching import highlights_of
from domain.model.search.query import SearchQuery

# The hits of one block. Reading them costs as much as the largest page.
BLOCK_HITS = 100

_NUMBERS = struct.Struct(">QQQ")
_RANK = LAST_POSITION + 1


class Rank(IntEnum):
    """How well a cue matches; within a block, the lower number is listed first."""

    PHRASE = 0
    """The whole query occurs as one phrase. A query of one phrase has only hits of this rank."""
    WORDS = 1
    """All phrases of the query occur."""


@dataclass(frozen=True, slots=True)
class Block:
    """The hits below the position `start`, down to the position `end`."""

    start: int
    end: int = 0

    def closed(self, hits: Sequence[SearchHit], size: int) -> "Block":
        """The block of these hits, which are the first `size` ones below its start.

        A block without a start begins at its first hit, so hits of newer videos do not enter it later.
        """
        if not hits:
            return self
        start = hits[0].position + 1 if self.start == LAST_POSITION else self.start
        is_full = len(hits) == size and hits[-1].position >= self.end
        return Block(start, hits[-1].position if is_full else self.end)


@dataclass(frozen=True, slots=True)
class ResultCursor:
    """The place after one result. It is a place in the results of every query."""

    block: Block
    rank: Rank
    position: int

    @classmethod
    def before(cls, start: int) -> "ResultCursor":
        """The place before all results below a position."""
        return cls(Block(start), Rank.PHRASE, LAST_POSITION)

    @property
    def order(self) -> tuple[int, int, int]:
        """Results are sorted by it."""
        return -self.block.start, self.rank, -self.position

    def encoded(self) -> str:
        """The cursor as opaque text for clients."""
        plain = _NUMBERS.pack(self.rank * _RANK + self.position, self.block.start, self.block.end)
        return base64.urlsafe_b64encode(plain).decode()

    @classmethod
    def decoded(cls, text: str) -> "ResultCursor":
        """The cursor that a client sent back.

        Raises:
            Rejected: `invalid_cursor`: the server did not make it.
        """
        try:
            place, start, end = _NUMBERS.unpack(base64.b64decode(text, altchars=b"-_", validate=True))
        except (ValueError, struct.error):
            raise _invalid() from None
        cursor = cls(Block(start, end), Rank(place // _RANK), place % _RANK)
        # A block below its end would be followed by one that begins above it.
        if not end <= start <= LAST_POSITION or cursor.encoded() != text:
            raise _invalid()
        return cursor


@dataclass(frozen=True, slots=True)
class Result:
    """A hit, and the cursor of the results after it."""

    hit: SearchHit
    cursor: ResultCursor


def rank_of(query: SearchQuery, text: str) -> Rank:
    """The rank of a text that matches the query."""
    if query.whole is None or highlights_of(SearchQuery((query.whole,)), text):
        return Rank.PHRASE
    return Rank.WORDS


def ranked(query: SearchQuery, block: Block, hits: Sequence[SearchHit]) -> list[Result]:
    """The hits that are in the block: the better rank first, within a rank the newest video and its earliest cue."""
    results = [
        Result(hit, ResultCursor(block, rank_of(query, hit.text), hit.position))
        for hit in hits
        if hit.position >= block.end
    ]
    return sorted(results, key=lambda result: result.cursor.order)


def _invalid() -> Rejected:
    return Rejected("This cursor is invalid; start again without a cursor.", code="invalid_cursor")
