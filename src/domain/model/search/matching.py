"""Matches of a query in the text of a cue. This is the definition that every index implements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.model.search.query import Phrase, SearchQuery
from domain.model.search.terms import Term, searchable_terms


@dataclass(frozen=True, slots=True)
class Highlight:
    """A range of characters (code points) of a text, from `start` to before `end`."""

    start: int
    end: int


def highlights_of(query: SearchQuery, text: str) -> tuple[Highlight, ...]:
    """The ranges of the text that match the query, in order and without overlaps; empty if a phrase does not occur."""
    terms = searchable_terms(text)
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, term in enumerate(terms):
        positions[term.text].append(position)
    found: list[Highlight] = []
    for phrase in query.phrases:
        matches = [_range(phrase, terms, start) for start in _starts(phrase, terms, positions)]
        if not matches:
            return ()
        found += matches
    return tuple(_merged(found))


def _starts(phrase: Phrase, terms: Sequence[Term], positions: defaultdict[str, list[int]]) -> Iterator[int]:
    """The positions at which the phrase occurs."""
    *exact, last = phrase.terms
    candidates = positions[exact[0]] if exact else range(len(terms))
    for start in candidates:
        end = start + len(exact)
        if end < len(terms) and all(terms[start + index].text == text for index, text in enumerate(exact)):
            text = terms[end].text
            if text == last or (phrase.is_prefix and text.startswith(last)):
                yield start


def _range(phrase: Phrase, terms: Sequence[Term], start: int) -> Highlight:
    last = terms[start + len(phrase.terms) - 1]
    return Highlight(terms[start].start, last.head_end if phrase.is_prefix else last.end)


def _merged(ranges: Iterable[Highlight]) -> list[Highlight]:
    merged: list[Highlight] = []
    for each in sorted(ranges, key=lambda each: (each.start, each.end)):
        if merged and each.start <= merged[-1].end:
            merged[-1] = Highlight(merged[-1].start, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return merged
