import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.videos.titles import MAX_KEY_LENGTH, MAX_QUERY_LENGTH, MAX_QUERY_WORDS, title_key, title_words


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("IMG_0042.MOV", "img_0042.mov"),
        ("  Caf\u00e9   \u00c9t\u00e9\u3000", "cafe ete"),
        ("STRASSE", "strasse"),
        ("stra\u00dfe", "strasse"),
        ("\uff26\uff35\uff2c\uff2c", "full"),
        ("\u6771\u4eac\u30bf\u30ef\u30fc", "\u6771\u4eac\u30bf\u30ef\u30fc"),
        ("\u200d", "\u200d"),
    ],
    ids=ascii,
)
def test_a_key_is_the_title_without_case_accents_and_width(title: str, key: str) -> None:
    """With single spaces; a title of which nothing is left is its own key."""
    assert title_key(title) == key


@given(st.text(min_size=1, max_size=MAX_KEY_LENGTH).filter(str.strip))
def test_a_key_is_never_empty_and_never_too_long(title: str) -> None:
    """Some characters fold to many."""
    assert 0 < len(title_key(title)) <= MAX_KEY_LENGTH
    assert len(title_key("\ufdfa" * MAX_KEY_LENGTH)) == MAX_KEY_LENGTH


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=5), min_size=1, max_size=4))
def test_a_title_is_found_by_itself(words: list[str]) -> None:
    """Every word of it occurs in its key."""
    title = " ".join(words)
    assert all(word in title_key(title) for word in title_words(title))


def test_a_query_has_distinct_words() -> None:
    """Separated by white space alone."""
    assert title_words(" Tag  tag\u3000IMG_1 ") == ("tag", "img_1")
    assert title_words("") == title_words(" \u200d ") == ()


@pytest.mark.parametrize("query", ["x" * (MAX_QUERY_LENGTH + 1), " ".join(map(str, range(MAX_QUERY_WORDS + 1)))])
def test_a_query_has_limits(query: str) -> None:
    """One character or word less is accepted."""
    with pytest.raises(Rejected) as refused:
        title_words(query)
    assert refused.value.code == "query_too_long"
    assert title_words(query.rpartition(" ")[0] or query[1:])
