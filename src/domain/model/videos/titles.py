"""Titles in the form in which they are sorted and searched."""

from domain.model.errors import Rejected
from domain.model.search.folding import fold

MAX_KEY_LENGTH = 300
MAX_QUERY_LENGTH = 300
MAX_QUERY_WORDS = 16


def title_key(title: str) -> str:
    """The folded title: without case, accents and width, and with single spaces.

    It is never empty, so an empty key in a database was not made by this function. Titles that only differ in what
    folding removes have the same key.
    """
    return (_folded(title) or title)[:MAX_KEY_LENGTH]


def title_words(query: str) -> tuple[str, ...]:
    """The folded words of a query, separated by white space; all of them must occur in the key of a title.

    Raises:
        Rejected: `query_too_long`: it has more than 300 characters or 16 words.
    """
    words = tuple(dict.fromkeys(_folded(query[: MAX_QUERY_LENGTH + 1]).split()))
    if len(query) > MAX_QUERY_LENGTH or len(words) > MAX_QUERY_WORDS:
        raise Rejected(
            f"A query for titles has at most {MAX_QUERY_LENGTH} characters and {MAX_QUERY_WORDS} words.",
            code="query_too_long",
        )
    return words


def _folded(text: str) -> str:
    return " ".join("".join(piece.text for piece in fold(text)).split())
