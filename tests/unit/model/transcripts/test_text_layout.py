import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.transcripts.text_layout import (
    MAX_LINE_LENGTH,
    breakable_parts,
    columns,
    ends_clause,
    ends_sentence,
    fits_screen,
    join_texts,
    joined,
    speaking_effort,
    wrap,
)

ASTRONAUT = "\U0001f469\U0001f3fd\u200d\U0001f680"
FLAG = "\U0001f1e9\U0001f1ea"
KATAKANA_GA = "\u30ab\u3099"  # Of two code points.

characters = st.one_of(
    st.characters(categories=("L", "M", "N", "P", "S", "Zs", "Cf")),
    st.sampled_from("ab .\u0301\u200d\u6620\u3002\u300c\u300d\U0001f469\U0001f3fd\U0001f680\u3099\u30ab"),
)
texts = st.text(characters, max_size=120)


@given(texts)
def test_words_are_the_whole_text_with_single_spaces(text: str) -> None:
    """Nothing is lost or added, and each word is visible."""
    assert "".join(breakable_parts(text)) == " ".join(text.split())
    assert all(word.strip() for word in breakable_parts(text))


@given(texts)
def test_a_line_holds_every_word(text: str) -> None:
    """This holds for words of any length."""
    assert all(columns(word.rstrip()) <= MAX_LINE_LENGTH for word in breakable_parts(text))


@given(texts)
def test_no_word_begins_with_a_mark_of_another(text: str) -> None:
    """Code points that are drawn as one character stay together, up to a limit."""
    parts = breakable_parts(text)
    for before, word in itertools.pairwise(parts):
        if not before.endswith(" ") and unicodedata.category(word[0]).startswith("M"):
            assert len(before) >= 16


@given(texts)
def test_lines_hold_the_whole_text(text: str) -> None:
    """The lines are in order, each at most as wide as a line may be."""
    lines = wrap(text)
    assert all(line and columns(line) <= MAX_LINE_LENGTH for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" one  two\n", ["one ", "two"]),
        ("\u6620\u753b\u3002\u672c", ["\u6620", "\u753b\u3002", "\u672c"]),
        ("\u300c\u672c\u300d\u3092", ["\u300c\u672c\u300d", "\u3092"]),
        (f"{ASTRONAUT}{ASTRONAUT} a", [f"{ASTRONAUT}", f"{ASTRONAUT} ", "a"]),
        (f"{KATAKANA_GA}{KATAKANA_GA}", [KATAKANA_GA, KATAKANA_GA]),
        (f"{KATAKANA_GA}TV", [KATAKANA_GA, "TV"]),
        (f"{FLAG}{FLAG}", [FLAG, FLAG]),
        ("\u672cTV", ["\u672c", "TV"]),
        ("x" * 42, ["x" * 42]),
        ("x" * 50 + " y", ["x" * 21, "x" * 21, "x" * 8 + " ", "y"]),
        ("e\u0301" * 50, ["e\u0301" * 21, "e\u0301" * 21, "e\u0301" * 8]),
    ],
    ids=ascii,
)
def test_text_is_divided_where_a_line_may_begin(text: str, parts: list[str]) -> None:
    """After spaces, next to ideographs, and within words that are wider than a line."""
    assert breakable_parts(text) == parts
    assert joined(parts) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "width"),
    [
        *(("abc", 3), ("\u00e9\u00df", 2), ("e\u0301", 1), ("\u672c", 2), ("\uff01", 2), ("a\u200db", 2), ("e" * 8, 8)),
        *((ASTRONAUT, 2), (FLAG, 2), (KATAKANA_GA, 2), ("\u1112\u1161\u11ab", 2), ("\u00e9\x07", 1)),
    ],
    ids=ascii,
)
def test_ideographs_take_two_columns_and_marks_none(text: str, width: int) -> None:
    """As a terminal counts them; an emoji of several code points is one character."""
    assert columns(text) == width


def test_many_combining_marks_take_columns() -> None:
    """Otherwise a line could have any number of them."""
    assert columns("e" + "\u0301" * 999) == 250


def test_two_lines_are_about_equally_long() -> None:
    """Lines of unequal length make the eye move further."""
    assert wrap("We went down to the sea and then we came back.") == [
        "We went down to the sea",
        "and then we came back.",
    ]
    assert wrap(f"{'a' * 42} {'b' * 20} c") == ["a" * 42, f"{'b' * 20} c"]


def test_text_of_more_lines_is_filled_line_by_line() -> None:
    """It is never shown; callers only learn that it is too long."""
    assert wrap(" ".join(["a" * 30] * 3)) == ["a" * 30] * 3
    assert not fits_screen(" ".join(["a" * 25] * 3))
    assert not fits_screen("a" * 86)
    assert fits_screen(f"{'a' * 42} {'b' * 42}")


@pytest.mark.parametrize(
    ("word", "following", "ends"),
    [
        ("end. ", "Next ", True),
        ('end." ', "Next ", True),
        ("end?) ", "Next", True),
        ("end", "Next", False),
        ("3.", "5", False),
        ("e.g. ", "this", False),
        ("\u0938\u0964 ", "\u0938", True),
        ("\u672c\u3002", "\u672c", True),
        ("\u672c\u3002\u300d", "\u672c", True),
        ("\u672c\uff1f ", "x", True),
    ],
    ids=ascii,
)
def test_a_full_stop_ends_a_sentence(word: str, following: str, ends: bool) -> None:  # noqa: FBT001 (expected)
    """A space must follow, except after ideographic ones; abbreviations do not end one."""
    assert ends_sentence(word, following) is ends


def test_a_comma_is_a_pause() -> None:
    """The same holds for its equivalents in other scripts."""
    assert [word for word in ("a, ", "a; ", "a", "\u672c\u3001", 'a," ', "a.") if ends_clause(word)] == [
        *("a, ", "a; ", "\u672c\u3001", 'a," ')
    ]


@pytest.mark.parametrize(
    ("word", "letters"),
    [("door. ", 4), ("1984 ", 16), ("\u672c", 3), ("- ", 1), ("\u00e9t\u00e9 ", 3), ("don't", 4)],
    ids=ascii,
)
def test_letters_are_weighted_by_speaking_time(word: str, letters: float) -> None:
    """A digit counts as a word, an ideograph as a syllable, and punctuation as almost nothing."""
    assert speaking_effort(word) == letters


def test_ideographs_are_joined_without_a_space() -> None:
    """All other characters have a space between them."""
    assert join_texts("\u672c\u3002", "\u6620") == "\u672c\u3002\u6620"
    assert join_texts("One.", "Two.") == "One. Two."
    assert join_texts("\u672c", "Two.") == "\u672c Two."
