"""Alignment of a text with speech: the most likely assignment of words to speech intervals.

Speech pauses mostly between sentences, less often after a comma, seldom anywhere else; and the time that a word takes
is roughly known. Dynamic programming finds the words before which speech pauses, at the lowest total cost.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from domain.model.transcripts.speech_intervals import Interval
from domain.model.transcripts.text_layout import effort, ends_clause, ends_sentence

# Costs, in units of the usual error of an estimated time; tuned on synthetic speech of four voices at three tempos.
_ERROR_S = 0.15
_ERROR_SHARE = 0.12
_STOP_WITHIN_CLAUSE = 3.0
_STOP_AFTER_CLAUSE = 1.0
_SENTENCE_WITHOUT_STOP = 0.7
_NO_WORDS = 2.0

# The most text, in estimated seconds, that an interval may get: a constant plus a multiple of its duration. The last
# interval has no limit.
_MOST_S = 1.0
_MOST_SHARE = 2.5

# Bounds on the search for long texts and chunks: its time is proportional to the intervals times the places squared.
_MAX_INTERVALS = 60
_MAX_PLACES = 250
_MAX_STEPS = 400_000


@dataclass(frozen=True, slots=True)
class _Place:
    """A position before a word: the effort and the number of sentences before it, and the cost of a pause here."""

    word: int
    effort: float
    sentences: int
    stop_cost: float


def aligned(spoken: Sequence[str], speech: Sequence[Interval]) -> list[Interval]:
    """The time of each word; the words of one interval share it in proportion to their effort.

    Without speech the result is empty.
    """
    intervals = sorted(sorted(speech, key=lambda interval: interval.duration_s)[-_MAX_INTERVALS:])
    if not (intervals and spoken):
        return []
    efforts = [0.0, *accumulate(map(effort, spoken))]
    places = _thinned(list(_places(spoken, efforts)), len(intervals))
    cuts = [places[number].word for number in _cheapest(places, intervals)]
    return [
        time
        for interval, (first, end) in zip(intervals, pairwise(cuts), strict=True)
        for time in _shared(interval, efforts[first : end + 1])
    ]


def _shared(interval: Interval, efforts: Sequence[float]) -> Iterator[Interval]:
    """A part of the interval for each word; `efforts` are cumulative, from before the first word on."""
    whole = efforts[-1] - efforts[0]
    moments_s = [interval.start_s + interval.duration_s * (behind - efforts[0]) / whole for behind in efforts[:-1]]
    yield from map(Interval, moments_s, [*moments_s[1:], interval.end_s])


def _places(spoken: Sequence[str], efforts: Sequence[float]) -> Iterator[_Place]:
    """The positions before each word, and after the last one."""
    sentences = 0
    yield _Place(0, 0.0, 0, 0.0)
    for word, (before, after) in enumerate(pairwise(spoken), start=1):
        if ends_sentence(before, after):
            sentences += 1
            yield _Place(word, efforts[word], sentences, 0.0)
        else:
            cost = _STOP_AFTER_CLAUSE if ends_clause(before) else _STOP_WITHIN_CLAUSE
            yield _Place(word, efforts[word], sentences, cost)
    yield _Place(len(spoken), efforts[-1], sentences, 0.0)


def _thinned(places: Sequence[_Place], intervals: int) -> Sequence[_Place]:
    """The places themselves, or, if there are too many, the best one of each group of neighbours."""
    room = min(_MAX_PLACES, math.isqrt(_MAX_STEPS // intervals))
    few = math.ceil(len(places) / room)
    inner = places[1:-1]
    groups = [inner[start : start + few] for start in range(0, len(inner), few)]
    return [places[0], *(min(group, key=lambda place: place.stop_cost) for group in groups), places[-1]]


def _cheapest(places: Sequence[_Place], intervals: Sequence[Interval]) -> list[int]:
    """The indexes of the places where the intervals begin, and of the place where the last interval ends."""
    rate_s = sum(interval.duration_s for interval in intervals) / places[-1].effort
    moments_s = [place.effort * rate_s for place in places]
    costs = [0.0, *[math.inf] * (len(places) - 1)]
    origins: list[list[int]] = []
    for interval in intervals:
        # The last interval gets all the remaining words.
        most_s = math.inf if interval is intervals[-1] else _MOST_S + _MOST_SHARE * interval.duration_s
        step = _Step(places, moments_s, costs, interval.duration_s, most_s)
        found = [step.to(end) for end in range(len(places))]
        costs = [cost for cost, _ in found]
        origins.append([origin for _, origin in found])
    path = [len(places) - 1]
    for origin in reversed(origins):
        path.append(origin[path[-1]])
    return path[::-1]


class _Step:
    """One step of the search: the costs of one interval from each place where it may begin to where it may end."""

    def __init__(
        self,
        places: Sequence[_Place],
        moments_s: Sequence[float],
        costs: Sequence[float],
        duration_s: float,
        most_s: float,
    ) -> None:
        self._places = places
        self._moments_s = moments_s
        self._costs = costs
        self._duration_s = duration_s
        self._most_s = most_s
        self._weight = 1 / (_ERROR_S + _ERROR_SHARE * duration_s)
        self._before = [
            cost - _SENTENCE_WITHOUT_STOP * place.sentences for cost, place in zip(costs, places, strict=True)
        ]

    def to(self, end: int) -> tuple[float, int]:
        """The lowest cost of an interval that ends at this place, and the place where it begins."""
        before, moments_s, weight = self._before, self._moments_s, self._weight
        sought_s = moments_s[end] - self._duration_s
        lowest = bisect_left(moments_s, moments_s[end] - self._most_s)
        stop_cost = self._places[end].stop_cost
        without_words = self._costs[end] + self._duration_s * weight + _NO_WORDS + stop_cost
        if lowest >= end:
            return without_words, end
        cost, start = min(
            (before[start] + abs(sought_s - moments_s[start]) * weight, start) for start in range(lowest, end)
        )
        cost += stop_cost + _SENTENCE_WITHOUT_STOP * self._places[end - 1].sentences
        return min((cost, start), (without_words, end))
