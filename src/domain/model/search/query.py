"""Queries: what a user searches for."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.model.errors import Rejected
from domain.model.search.terms import Term, terms_of

MAX_QUERY_LENGTH = 500
MAX_PHRASES = 32

_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that must follow one another; with `is_prefix`, the last one may be the beginning of a word."""

    terms: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Phrases that must all occur in a cue; a single word is a phrase of one term.

    `whole` is all of the query as one phrase, or None if it has only one: cues in which it occurs come first. It occurs
    only where all phrases occur.
    """

    phrases: tuple[Phrase, ...]
    whole: Phrase | None = None


def parse_query(text: str) -> SearchQuery:
    """Read a query as a user writes it.

    - All words must occur in a cue, in any order.
    - Words in double quotes must follow one another. A quote that is not closed is ignored.
    - A word that ends with `*` is the beginning of a word.
    - The query as one phrase is what it finds in one pair of quotes, so a `*` counts there only after its last word.
    - All other characters only separate words. A word that punctuation divides, such as `well-known`, is a phrase.

    Raises:
        Rejected: `empty_query`: it contains no word; `query_too_long`: it has more than 500 characters or 32 words.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise _too_long()
    text = text.translate(_QUOTES)
    written = list(_phrases(text))
    phrases = tuple(dict.fromkeys(written))
    if not phrases:
        raise Rejected("The query contains no word to search for.", code="empty_query")
    if len(phrases) > MAX_PHRASES:
        raise _too_long()
    return SearchQuery(phrases, _phrase(text.replace('"', " ").rstrip()) if len(written) > 1 else None)


def _phrases(text: str) -> Iterator[Phrase]:
    sections = text.split('"')
    for index, section in enumerate(sections):
        # Every second section is quoted; the last one is not, because no quote follows it.
        is_quoted = index % 2 == 1 and index < len(sections) - 1
        for words in [section] if is_quoted else section.split():
            phrase = _phrase(words.rstrip())
            if phrase is not None:
                yield phrase


def _phrase(words: str) -> Phrase | None:
    terms = terms_of(words)
    if not terms:
        return None
    last = terms[-1]
    is_beginning = words.endswith("*") and last.end == len(words.rstrip("*"))
    if not last.is_last_unit:
        return Phrase(_texts(terms), is_beginning)
    if len(terms) > 1 and terms[-2].end == last.end:
        # The pair before contains the last unit. More text may follow it in a cue, so the unit alone is not required.
        return Phrase(_texts(terms[:-1]))
    # In a cue, a single unit is the first one of a pair or the last one of a run.
    return Phrase(_texts(terms), is_prefix=True)


def _texts(terms: list[Term]) -> tuple[str, ...]:
    return tuple(term.text for term in terms)


def _too_long() -> Rejected:
    return Rejected(
        f"A query has at most {MAX_QUERY_LENGTH} characters and {MAX_PHRASES} words.", code="query_too_long"
    )
