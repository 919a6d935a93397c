"""The terms of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.search.folding import fold
from domain.model.search.terms import (
    MAX_CHARACTERS_PER_CUE,
    MAX_REPETITIONS,
    MAX_TERM_LENGTH,
    MAX_TERMS_PER_CUE,
    PLACEHOLDER,
    _terms,
    index_terms,
    searchable_terms,
    terms_of,
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Hello, wide WORLD!", ["hello", "wide", "world"]),
        ("Don't! I've we'll they're it\u2019s", ["dont", "ive", "well", "theyre", "its"]),
        (
            "l'amour d'or O'Brien dogs' 'n' rock'n'roll",
            ["l", "amour", "d", "or", "o", "brien", "dogs", "n", "rockn", "roll"],
        ),
        ("well-known e_mail 3.14 a/b", ["well", "known", "e", "mail", "3", "14", "a", "b"]),
        ("東京都", ["東京", "京都", "都"]),
        ("東", ["東"]),
        ("Windows版が出た", ["windows", "版が", "が出", "出た", "た"]),
        ("서울 가다", ["서울", "울", "가다", "다"]),
        ("กิน", ["กิน", "น"]),
        ("'東'京", ["東", "京"]),
        ("1½", ["11", "2"]),
        (" … 🎬 \0", []),
        ("", []),
    ],
)
def test_a_text_has_these_terms(text: str, terms: list[str]) -> None:
    """Words, and pairs of units where no spaces separate words."""
    assert [term.text for term in terms_of(text)] == terms
    assert index_terms(text) == terms


def test_a_term_knows_where_it_is() -> None:
    """In the text as it was written; a pair also knows its first unit."""
    text = "Ah, Straße 東京!"
    found = [(text[term.start : term.end], text[term.start : term.head_end]) for term in terms_of(text)]
    assert found == [("Ah", "Ah"), ("Straße", "Straße"), ("東京", "東"), ("京", "京")]
    assert [term.is_last_unit for term in terms_of(text)] == [False, False, False, True]


@pytest.mark.parametrize("letter", ["a", "é"])
def test_long_words_are_cut(letter: str) -> None:
    """Databases limit the length of a term."""
    assert index_terms(letter * 5000) == [index_terms(letter)[0] * MAX_TERM_LENGTH]


def test_only_the_first_terms_of_a_cue_are_indexed() -> None:
    """A cue of megabytes has no more."""
    text = " ".join(f"word{number}" for number in range(MAX_TERMS_PER_CUE + 10))
    assert index_terms(text)[-1] == f"word{MAX_TERMS_PER_CUE - 1}"
    assert len(index_terms(text)) == len(terms_of(text)) == MAX_TERMS_PER_CUE


def test_only_the_first_characters_of_a_cue_are_folded() -> None:
    """A cue of megabytes without spaces takes no memory."""
    assert terms_of("." * MAX_CHARACTERS_PER_CUE + "word") == []
    assert [term.text for term in terms_of("." * (MAX_CHARACTERS_PER_CUE - 2) + "word")] == ["wo"]
    assert index_terms("." * (MAX_CHARACTERS_PER_CUE - 2) + "word") == ["wo"]


def test_a_term_is_indexed_255_times() -> None:
    """Postgres keeps no more positions; what follows keeps its own."""
    terms = searchable_terms("no " * (MAX_REPETITIONS + 1) + "yes")
    assert [term.text for term in terms[-3:]] == ["no", PLACEHOLDER, "yes"]
    assert index_terms("no " * (MAX_REPETITIONS + 1) + "yes") == [term.text for term in terms]


@given(st.text())
def test_terms_need_no_escapes(text: str) -> None:
    """Neither engine sees a character of its syntax, an ASCII capital or a space."""
    for term in terms_of(text):
        assert 0 < len(term.text) <= MAX_TERM_LENGTH
        assert not set(term.text) & set("'\"\\ _*&|!():<>")
        assert term.text == "".join(term.text.split())
        assert not any("A" <= character <= "Z" for character in term.text)
        assert 0 <= term.start < term.head_end <= term.end <= len(text)


@given(st.text(st.sampled_from("aZ09dst"), min_size=1, max_size=80))
def test_a_word_of_ascii_letters_is_its_folded_text(word: str) -> None:
    """It takes a shorter way than other words, to the same term."""
    assert terms_of(word) == list(_terms(fold(word)))
