"""The order of results, and its cursor."""

import base64
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.search.hits import LAST_POSITION, SearchHit
from domain.model.search.query import parse_query
from domain.model.search.ranking import Block, Rank, ResultCursor, rank_of, ranked
from tests.support.builders import VIDEO_ID

POSITIONS = st.integers(0, LAST_POSITION)


def hits(texts: dict[int, str]) -> list[SearchHit]:
    """Hits with these positions and texts, the highest position first."""
    return [SearchHit(each, VIDEO_ID, "a.mp4", "A", 0.0, 1.0, texts[each]) for each in sorted(texts, reverse=True)]


@pytest.mark.parametrize(
    ("query", "text", "rank"),
    [
        ("hello world", "Hello, world!", Rank.PHRASE),
        ("hello world", "World, hello", Rank.WORDS),
        ("hello world", "hello wide world", Rank.WORDS),
        ("hello", "hello", Rank.PHRASE),
        ('"hello world" again', "again hello world", Rank.WORDS),
        ('again "hello world"', "again hello world", Rank.PHRASE),
        ("hello wor*", "hello words", Rank.PHRASE),
        ("hel* world", "hello world", Rank.WORDS),
        ("hel*", "hello", Rank.PHRASE),
        ("no no", "no", Rank.WORDS),
        ("no no", "no no", Rank.PHRASE),
        ("to be or not to be", "to be or not to be", Rank.PHRASE),
        ("東京 大阪", "東京、大阪", Rank.PHRASE),
        ("東京 大阪", "東京都大阪", Rank.WORDS),
        ("don't know", "I dont know", Rank.PHRASE),
    ],
)
def test_the_whole_query_as_one_phrase_is_the_better_rank(query: str, text: str, rank: Rank) -> None:
    """As in quotes; a query of one phrase has one rank."""
    assert rank_of(parse_query(query), text) is rank


def test_a_block_lists_phrases_before_words() -> None:
    """Among both, the highest position; hits below its end belong to the next block."""
    found = hits({9: "b a", 8: "a b", 7: "b a", 6: "a, b", 5: "a b"})
    results = ranked(parse_query("a b"), Block(10, 6), found)
    assert [result.hit.position for result in results] == [8, 6, 9, 7]
    assert all(before.cursor.order < after.cursor.order for before, after in pairwise(results))
    assert ResultCursor.before(10).order < results[0].cursor.order


@pytest.mark.parametrize(("positions", "end"), [([9, 8], 8), ([9], 3), ([9, 2], 3), ([], 3)])
def test_a_block_ends_where_it_did_unless_hits_were_added(positions: list[int], end: int) -> None:
    """Then the rest of them belongs to the next block, so none is lost."""
    assert Block(10, 3).closed(hits(dict.fromkeys(positions, "")), 2) == Block(10, end)


def test_the_first_block_begins_at_its_first_hit() -> None:
    """So a video that is added later does not enter it."""
    assert Block(LAST_POSITION).closed(hits({9: "", 8: "", 7: ""}), 3) == Block(10, 7)
    assert Block(LAST_POSITION).closed(hits({9: ""}), 3) == Block(10)


@given(st.tuples(POSITIONS, POSITIONS).map(sorted), st.sampled_from(Rank), POSITIONS)
def test_a_cursor_is_decoded_as_it_was_encoded(block: list[int], rank: Rank, position: int) -> None:
    """It is safe in a URL without escapes."""
    cursor = ResultCursor(Block(block[1], block[0]), rank, position)
    text = cursor.encoded()
    assert ResultCursor.decoded(text) == cursor
    assert text.replace("-", "").replace("_", "").isalnum()


VALID = ResultCursor(Block(2**62 + 5, 3), Rank.WORDS, 7).encoded()


@pytest.mark.parametrize(
    "text",
    ["", "a", "====", "garbage!", "ää", "\ud800", "\0", "A" * 31, "A" * 33, "A" * 36, VALID + "====", " " + VALID]
    + [VALID[:-1] + "+", VALID[:16]]
    + [
        base64.urlsafe_b64encode(plain).decode() for plain in (b"\xff" * 24, b"\0" * 23 + b"\1", b"\1" * 23, b"\1" * 25)
    ],
    ids=ascii,
)
def test_a_cursor_that_the_server_did_not_make_is_rejected(text: str) -> None:
    """Also one beyond the range of the databases, and a block that ends above its start."""
    with pytest.raises(Rejected) as rejected:
        ResultCursor.decoded(text)
    assert rejected.value.code == "invalid_cursor"
