"""Reading a query."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.search.query import MAX_PHRASES, MAX_QUERY_LENGTH, Phrase, SearchQuery, parse_query


def words(*texts: str) -> list[Phrase]:
    """Phrases of one word each."""
    return [Phrase((text,)) for text in texts]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Hello World", words("hello", "world")),
        ("hello HELLO", words("hello")),
        ('"hello world" again', [Phrase(("hello", "world")), *words("again")]),
        ("„hello world“", [Phrase(("hello", "world"))]),
        ('hello "wide world', words("hello", "wide", "world")),
        ('a"b c"d', [*words("a"), Phrase(("b", "c")), *words("d")]),
        ("transcri*", [Phrase(("transcri",), is_prefix=True)]),
        ('"to be transcri*"', [Phrase(("to", "be", "transcri"), is_prefix=True)]),
        ("transcri** x", [Phrase(("transcri",), is_prefix=True), *words("x")]),
        ("* *a a-* b", words("a", "b")),
        ("well-known don't", [Phrase(("well", "known")), *words("dont")]),
        ("東京都", [Phrase(("東京", "京都"))]),
        ("東京*", [Phrase(("東京",))]),
        ("都", [Phrase(("都",), is_prefix=True)]),
        ('"in 都"', [Phrase(("in", "都"), is_prefix=True)]),
        ("都x", [Phrase(("都", "x"))]),
        ("東京x", [Phrase(("東京", "京", "x"))]),
        (
            "AND OR NOT NEAR(a, 2) terms:b c^2 -d",
            [
                *words("and", "or", "not"),
                Phrase(("near", "a")),
                *words("2"),
                Phrase(("terms", "b")),
                Phrase(("c", "2")),
                *words("d"),
            ],
        ),
        ("'; DROP TABLE videos; --", words("drop", "table", "videos")),
        ("a\0b \u200fright\u202e \ud800", [Phrase(("a", "b")), *words("right")]),
    ],
)
def test_a_query_is_read(text: str, phrases: list[Phrase]) -> None:
    """Words, phrases and prefixes; everything else separates."""
    assert list(parse_query(text).phrases) == phrases


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("hello", None),
        ("hello* -", None),
        ('"hello world" *', None),
        ("hello hello", Phrase(("hello", "hello"))),
        ('"hello world" aga*', Phrase(("hello", "world", "aga"), is_prefix=True)),
        ('hel* "world*"', Phrase(("hel", "world"), is_prefix=True)),
        ("„to be“ or", Phrase(("to", "be", "or"))),
        ("東京 都", Phrase(("東京", "京", "都"), is_prefix=True)),
    ],
)
def test_a_query_of_several_phrases_is_also_one(text: str, whole: Phrase | None) -> None:
    """What it would find in one pair of quotes."""
    assert parse_query(text).whole == whole


@pytest.mark.parametrize("text", ["", "   ", '""', '"', "*", '"*" - +', "🎬", "\0", "\ud800", "\u200f\u202e", "___"])
def test_a_query_without_a_word_is_rejected(text: str) -> None:
    """It would find everything or nothing."""
    with pytest.raises(Rejected) as rejected:
        parse_query(text)
    assert rejected.value.code == "empty_query"


@pytest.mark.parametrize(
    "text", ["a" * (MAX_QUERY_LENGTH + 1), " " * 10_240, " ".join(f"w{number}" for number in range(MAX_PHRASES + 1))]
)
def test_a_long_query_is_rejected(text: str) -> None:
    """Its cost has a limit."""
    with pytest.raises(Rejected) as rejected:
        parse_query(text)
    assert rejected.value.code == "query_too_long"


def test_the_limits_themselves_are_accepted() -> None:
    """500 characters, 32 words."""
    assert parse_query("a" * MAX_QUERY_LENGTH) == SearchQuery((Phrase(("a" * 64,)),))
    assert len(parse_query(" ".join(f"w{number}" for number in range(MAX_PHRASES))).phrases) == MAX_PHRASES


@given(st.text(st.sampled_from("ab*\" -'東京ก\0\ud800"), max_size=40) | st.text(max_size=40))
def test_any_text_is_a_query_or_rejected(text: str) -> None:
    """There is no syntax error."""
    with suppress(Rejected):
        query = parse_query(text)
        assert query.phrases
        assert all(phrase.terms and all(phrase.terms) for phrase in query.phrases)
