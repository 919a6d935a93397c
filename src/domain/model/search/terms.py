"""Terms: the words of a text as the index stores them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, groupby, islice, pairwise

from domain.model.search.folding import Kind, Piece, fold

MAX_TERM_LENGTH = 64
MAX_TERMS_PER_CUE = 2_000
MAX_CHARACTERS_PER_CUE = 20_000
# Postgres stores at most 255 positions of a term.
MAX_REPETITIONS = 255
# Takes the place of a term that is not indexed, so that its neighbours are not treated as adjacent. No text contains
# it as a term, because an underscore is no letter.
PLACEHOLDER = "_"

# What follows the apostrophe of an English contraction: "don't" is one word, "l'amour" are two.
_CONTRACTIONS = frozenset({"d", "em", "er", "ll", "m", "n", "re", "s", "t", "ve"})

_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Term:
    """A folded word, or two neighbouring units of a script without spaces, with its range in the original text.

    The last unit of a run of units is also a term by itself. `head_end` is where the first unit ends; for a word, it
    equals `end`.
    """

    text: str
    start: int
    end: int
    head_end: int
    is_last_unit: bool = False


def terms_of(text: str) -> list[Term]:
    """The terms of the first 20,000 characters of a text in order, at most 2,000.

    - A word is cut after 64 characters.
    - Scripts without spaces between words are cut into overlapping pairs of units, so a sequence of characters is found
      wherever it occurs.
    - Punctuation separates words. An apostrophe does too, except in English contractions.
    """
    return list(islice(_moved_terms(text), MAX_TERMS_PER_CUE))


def searchable_terms(text: str) -> list[Term]:
    """The terms of a text; from its 256th occurrence on, a term is replaced with the placeholder."""
    terms = terms_of(text)
    texts = _without_repetitions([term.text for term in terms])
    return [term if term.text == kept else replace(term, text=kept) for term, kept in zip(terms, texts, strict=True)]


def index_terms(text: str) -> list[str]:
    """The texts of `searchable_terms`, which the index stores."""
    texts = (term.text for chunk in _CHUNK.finditer(text, 0, MAX_CHARACTERS_PER_CUE) for term in _chunk_terms(chunk[0]))
    return _without_repetitions(list(islice(texts, MAX_TERMS_PER_CUE)))


def _without_repetitions(texts: list[str]) -> list[str]:
    if len(texts) <= MAX_REPETITIONS:
        return texts
    seen = Counter[str]()
    for index, text in enumerate(texts):
        seen[text] += 1
        if seen[text] > MAX_REPETITIONS:
            texts[index] = PLACEHOLDER
    return texts


def _moved_terms(text: str) -> Iterator[Term]:
    for chunk in _CHUNK.finditer(text, 0, MAX_CHARACTERS_PER_CUE):
        by = chunk.start()
        for term in _chunk_terms(chunk[0]):
            yield Term(term.text, term.start + by, term.end + by, term.head_end + by, term.is_last_unit)


def _chunk_terms(chunk: str) -> Iterable[Term]:
    """The terms of a text without spaces, from memory if it is short: few words make up most of a language."""
    if chunk.isascii() and chunk.isalnum():
        return (Term(chunk[:MAX_TERM_LENGTH].lower(), 0, len(chunk), len(chunk)),)
    return _remembered_terms(chunk) if len(chunk) <= MAX_TERM_LENGTH else _terms(fold(chunk))


@lru_cache(maxsize=8192)
def _remembered_terms(chunk: str) -> tuple[Term, ...]:
    return tuple(_terms(fold(chunk)))


def _terms(pieces: Iterator[Piece]) -> Iterator[Term]:
    for is_run, group in groupby(pieces, key=lambda piece: piece.kind is Kind.UNIT):
        if is_run:
            yield from _pairs(list(group))
        else:
            yield from _words(group)


def _pairs(units: Sequence[Piece]) -> Iterator[Term]:
    for first, second in pairwise(units):
        yield Term((first.text + second.text)[:MAX_TERM_LENGTH], first.start, second.end, first.end)
    last = units[-1]
    yield Term(last.text[:MAX_TERM_LENGTH], last.start, last.end, last.end, is_last_unit=True)


def _words(pieces: Iterator[Piece]) -> Iterator[Term]:
    for is_word, group in groupby(pieces, key=lambda piece: piece.kind is not Kind.SEPARATOR):
        if is_word:
            yield from _joined_parts(group)


def _joined_parts(pieces: Iterator[Piece]) -> Iterator[Term]:
    """The words between two separators; a part that ends an English contraction is joined with the one before it."""
    current: list[Piece] = []
    for is_part, group in groupby(pieces, key=lambda piece: piece.kind is Kind.WORD):
        if not is_part:
            continue
        part = list(group)
        if current and "".join(piece.text for piece in part) in _CONTRACTIONS:
            current += part
            continue
        yield from _word(current)
        current = part
    yield from _word(current)


def _word(pieces: Sequence[Piece]) -> Iterator[Term]:
    if pieces:
        text = "".join(islice(chain.from_iterable(piece.text for piece in pieces), MAX_TERM_LENGTH))
        yield Term(text, pieces[0].start, pieces[-1].end, pieces[-1].end)
