"""Where a query matches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.search.matching import Highlight, highlights_of
from domain.model.search.query import SearchQuery, parse_query


def marked(query: str, text: str) -> str:
    """The text with brackets around the matches; empty if it does not match."""
    highlights = highlights_of(parse_query(query), text)
    for each in reversed(highlights):
        text = f"{text[: each.start]}[{text[each.start : each.end]}]{text[each.end :]}"
    return text if highlights else ""


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("world hello", "Hello, wide world", "[Hello], wide [world]"),
        ("world hello", "Hello", ""),
        ('"wide world"', "Wide, wide world", "Wide, [wide world]"),
        ('"wide world"', "world wide", ""),
        ("wor*", "Words and a sword", "[Words] and a sword"),
        ('"a sw*"', "Words and a sword", "Words and [a sword]"),
        ("strasse", "STRASSE Straße", "[STRASSE] [Straße]"),
        ("dont", "I don\u2019t", "I [don\u2019t]"),
        ("don't", "I dont", "I [dont]"),
        ("amour", "l'amour", "l'[amour]"),
        ("京", "東京都", "東[京]都"),
        ("都", "東京都", "東京[都]"),
        ("京都", "東京都、京都", "東[京都]、[京都]"),
        ("東都", "東京都", ""),
        ("東京x", "東京x 東京都x", "[東京x] 東京都x"),
        ("a", "a a 🎬 a", "[a] [a] 🎬 [a]"),
        ('"a a"', "a a a", "[a a a]"),
        ("a", "_ b", ""),
        ("café", "cafe\u0301!", "[cafe\u0301]!"),
    ],
)
def test_matches_are_marked(query: str, text: str, expected: str) -> None:
    """As they are written in the text; ranges that touch or overlap are one."""
    assert marked(query, text) == expected


@given(st.text(st.sampled_from("abç -'東京ก🎬"), max_size=30), st.text(st.sampled_from("abc*\" '東京ก"), min_size=1))
def test_highlights_are_disjoint(text: str, query: str) -> None:
    """In order, inside the text, and never empty."""
    end = -1
    for each in highlights_of(parse_query(query + " a*"), text):
        assert end < each.start < each.end <= len(text)
        end = each.end


@given(st.lists(st.sampled_from(["ab", "abc", "b", "東京", "京", "ก", "o'brien"]), min_size=1, max_size=8), st.data())
def test_every_part_of_a_text_is_found(parts: list[str], data: st.DataObject) -> None:
    """Words that follow one another match as a phrase, as words, and with their last letter missing."""
    text = " ".join(parts)
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    chosen = " ".join(parts[first : last + 1])
    for query in (f'"{chosen}"', chosen, f"{chosen[:-1]}*" if len(parts[last]) > 1 else chosen):
        assert highlights_of(parse_query(query), text)


@given(
    st.text(st.sampled_from("ab*\" '\u201d東京 \u00a0-"), max_size=20),
    st.text(st.sampled_from("ab'東京 -"), max_size=20),
)
def test_a_text_that_contains_the_whole_query_matches(query: str, text: str) -> None:
    """So the whole query is a better rank of a match, not another match."""
    parsed = parse_query(f"a {query}")
    if parsed.whole is not None and highlights_of(SearchQuery((parsed.whole,)), f"a {text}"):
        assert highlights_of(parsed, f"a {text}")


@given(st.lists(st.sampled_from(["a", "b", "don't", "東京", "京", "well-known"]), min_size=2, max_size=5))
def test_a_text_contains_the_whole_query_that_is_the_same(words: list[str]) -> None:
    """However the words are quoted."""
    text = " ".join(words)
    for query in (text, f'"{words[0]}" {" ".join(words[1:])}'):
        whole = parse_query(query).whole
        assert whole is not None
        assert highlights_of(SearchQuery((whole,)), text)


def test_a_word_beyond_the_limit_is_not_found() -> None:
    """Beyond 2,000 terms, or 255 of the same."""
    text = "no " * 256 + "yes"
    assert highlights_of(parse_query("yes"), text) == (Highlight(768, 771),)
    assert highlights_of(parse_query('"no yes"'), text) == ()
