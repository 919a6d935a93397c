"""Divides a text into sentences, and long sentences into pieces that fit on the screen."""

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate

from domain.model.transcripts.speech_intervals import Interval
from domain.model.transcripts.text_layout import (
    MAX_COLUMNS,
    MAX_LINE_LENGTH,
    MAX_LINES,
    columns,
    ends_clause,
    ends_sentence,
)

MAX_CUE_DURATION_S = 7.0
LONG_PAUSE_S = 1.5

# A comma, or a pause of a second, is a better place to break if it is within this fraction of an equal share.
_CLAUSE_BONUS = 1 / 8
_PAUSE_BONUS = 1 / 3


def divide(spoken: Sequence[str], times: Sequence[Interval]) -> Iterator[slice]:
    """The ranges of words that are shown together: a sentence, or a piece of one that is too long for the screen.

    A long pause also divides, so that words after it are not shown before they are spoken.
    """
    text = _TimedWords(spoken, times)
    first = 0
    for end in range(1, len(spoken) + 1):
        if end == len(spoken) or ends_sentence(spoken[end - 1], spoken[end]) or text.pause_s(end) >= LONG_PAUSE_S:
            yield from text.divide(first, end)
            first = end


class _TimedWords:
    """Words with their times and widths."""

    def __init__(self, spoken: Sequence[str], times: Sequence[Interval]) -> None:
        self._spoken = spoken
        self._times = times
        self._columns = [0, *accumulate(map(columns, spoken))]

    def pause_s(self, word: int) -> float:
        """The pause before a word, in seconds."""
        return self._times[word].start_s - self._times[word - 1].end_s

    def divide(self, first: int, end: int) -> Iterator[slice]:
        """The words from `first` to `end`, in as few pieces as possible, of about equal length."""
        while first < end:
            cut = self._cut(first, end)
            yield slice(first, cut)
            first = cut

    def _cut(self, first: int, end: int) -> int:
        """The end of the next piece: near an equal share, and far enough that no additional piece is needed."""
        furthest = self._furthest(first, end)
        if furthest == end:
            return end
        width = self._columns[end] - self._columns[first]
        duration_s = self._times[end - 1].end_s - self._times[first].start_s
        count = max(2, math.ceil(width / MAX_COLUMNS), math.ceil(duration_s / MAX_CUE_DURATION_S))
        min_column = self._columns[end] - (count - 1) * MAX_COLUMNS
        ends = range(first + 1, furthest + 1)
        allowed = [place for place in ends if self._columns[place] >= min_column] or [furthest]
        share = width / count
        return min(allowed, key=lambda place: self._badness(place, self._columns[first] + share, share))

    def _badness(self, end: int, ideal_column: float, share: float) -> float:
        """The distance from the ideal place, in shares, minus a bonus for a pause or the end of a clause."""
        pause = _PAUSE_BONUS * min(1.0, self.pause_s(end))
        clause = _CLAUSE_BONUS if ends_clause(self._spoken[end - 1]) else 0.0
        return abs(self._columns[end] - ideal_column) / share - max(pause, clause)

    def _furthest(self, first: int, end: int) -> int:
        """The end of the longest piece that fits on the screen; a single word always fits."""
        lines = 1
        line_start = first
        for word in range(first, end):
            if self._columns[word] - self._columns[line_start] + columns(self._spoken[word].rstrip()) > MAX_LINE_LENGTH:
                lines += 1
                line_start = word
            too_long = self._times[word].end_s - self._times[first].start_s > MAX_CUE_DURATION_S
            if word > first and (lines > MAX_LINES or too_long):
                return word
        return end
