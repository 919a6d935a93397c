"""Alignment of a text with speech: the most likely assignment of words to speech intervals.

People pause mostly between sentences, less often after a comma, and seldom elsewhere; and the time that a word takes
is roughly known. Dynamic programming finds the words that follow a pause, at the lowest total cost.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from domain.model.transcripts.speech_intervals import Interval
from domain.model.transcripts.text_layout import ends_clause, ends_sentence, speaking_effort

# Costs, in units of the typical error of an estimated time; tuned on synthetic speech of four voices at three speeds.
_ERROR_S = 0.15
_ERROR_SHARE = 0.12
_PAUSE_WITHIN_CLAUSE = 3.0
_PAUSE_AFTER_CLAUSE = 1.0
_SENTENCE_WITHOUT_PAUSE = 0.7
_EMPTY_INTERVAL = 2.0

# The most text, in estimated seconds, that an interval may get: a constant plus a multiple of its duration. The last
# interval has no limit.
_MAX_WORDS_S = 1.0
_MAX_WORDS_SHARE = 2.5

# Bounds on the search for long texts and chunks: its time grows with the intervals times the boundaries squared.
_MAX_INTERVALS = 60
_MAX_BOUNDARIES = 250
_MAX_STEPS = 400_000


@dataclass(frozen=True, slots=True)
class _Boundary:
    """A position before a word: the effort and the number of sentence ends before it, and the cost of a pause here."""

    word: int
    effort_before: float
    sentences: int
    pause_cost: float


def align(spoken: Sequence[str], speech: Sequence[Interval]) -> list[Interval]:
    """The time of each word; the words of one interval share it in proportion to their effort.

    Without speech the result is empty.
    """
    intervals = sorted(sorted(speech, key=lambda interval: interval.duration_s)[-_MAX_INTERVALS:])
    if not (intervals and spoken):
        return []
    efforts = [0.0, *accumulate(map(speaking_effort, spoken))]
    boundaries = _thinned(list(_boundaries(spoken, efforts)), len(intervals))
    cuts = [boundaries[number].word for number in _cheapest(boundaries, intervals)]
    return [
        time
        for interval, (first, end) in zip(intervals, pairwise(cuts), strict=True)
        for time in _share_time(interval, efforts[first : end + 1])
    ]


def _share_time(interval: Interval, efforts: Sequence[float]) -> Iterator[Interval]:
    """Yield a part of the interval for each word; `efforts` are cumulative, beginning before the first word."""
    total = efforts[-1] - efforts[0]
    moments_s = [interval.start_s + interval.duration_s * (behind - efforts[0]) / total for behind in efforts[:-1]]
    yield from map(Interval, moments_s, [*moments_s[1:], interval.end_s])


def _boundaries(spoken: Sequence[str], efforts: Sequence[float]) -> Iterator[_Boundary]:
    """The positions before each word, and after the last one."""
    sentences = 0
    yield _Boundary(0, 0.0, 0, 0.0)
    for word, (before, after) in enumerate(pairwise(spoken), start=1):
        if ends_sentence(before, after):
            sentences += 1
            yield _Boundary(word, efforts[word], sentences, 0.0)
        else:
            cost = _PAUSE_AFTER_CLAUSE if ends_clause(before) else _PAUSE_WITHIN_CLAUSE
            yield _Boundary(word, efforts[word], sentences, cost)
    yield _Boundary(len(spoken), efforts[-1], sentences, 0.0)


def _thinned(boundaries: Sequence[_Boundary], intervals: int) -> Sequence[_Boundary]:
    """The boundaries, or, if there are too many, the one with the cheapest pause of each group of neighbours."""
    max_count = min(_MAX_BOUNDARIES, math.isqrt(_MAX_STEPS // intervals))
    group_size = math.ceil(len(boundaries) / max_count)
    inner = boundaries[1:-1]
    groups = [inner[start : start + group_size] for start in range(0, len(inner), group_size)]
    return [boundaries[0], *(min(group, key=lambda boundary: boundary.pause_cost) for group in groups), boundaries[-1]]


def _cheapest(boundaries: Sequence[_Boundary], intervals: Sequence[Interval]) -> list[int]:
    """The indexes of the boundaries at which the intervals begin, and of the one at which the last interval ends."""
    rate_s = sum(interval.duration_s for interval in intervals) / boundaries[-1].effort_before
    moments_s = [boundary.effort_before * rate_s for boundary in boundaries]
    costs = [0.0, *[math.inf] * (len(boundaries) - 1)]
    origins: list[list[int]] = []
    for interval in intervals:
        # The last interval gets all the remaining words.
        max_words_s = math.inf if interval is intervals[-1] else _MAX_WORDS_S + _MAX_WORDS_SHARE * interval.duration_s
        step = _Step(boundaries, moments_s, costs, interval.duration_s, max_words_s)
        steps = [step.cost_to(end) for end in range(len(boundaries))]
        costs = [cost for cost, _ in steps]
        origins.append([origin for _, origin in steps])
    path = [len(boundaries) - 1]
    for origin in reversed(origins):
        path.append(origin[path[-1]])
    return path[::-1]


class _Step:
    """One step of the search: the cost of one interval for every pair of boundaries between which it may lie."""

    def __init__(
        self,
        boundaries: Sequence[_Boundary],
        moments_s: Sequence[float],
        costs: Sequence[float],
        duration_s: float,
        max_words_s: float,
    ) -> None:
        self._boundaries = boundaries
        self._moments_s = moments_s
        self._costs = costs
        self._duration_s = duration_s
        self._max_words_s = max_words_s
        self._weight = 1 / (_ERROR_S + _ERROR_SHARE * duration_s)
        self._before = [
            cost - _SENTENCE_WITHOUT_PAUSE * boundary.sentences
            for cost, boundary in zip(costs, boundaries, strict=True)
        ]

    def cost_to(self, end: int) -> tuple[float, int]:
        """The lowest cost of an interval that ends at this boundary, and the boundary at which it begins."""
        before, moments_s, weight = self._before, self._moments_s, self._weight
        ideal_start_s = moments_s[end] - self._duration_s
        lowest = bisect_left(moments_s, moments_s[end] - self._max_words_s)
        pause_cost = self._boundaries[end].pause_cost
        empty_cost = self._costs[end] + self._duration_s * weight + _EMPTY_INTERVAL + pause_cost
        if lowest >= end:
            return empty_cost, end
        cost, start = min(
            (before[start] + abs(ideal_start_s - moments_s[start]) * weight, start) for start in range(lowest, end)
        )
        cost += pause_cost + _SENTENCE_WITHOUT_PAUSE * self._boundaries[end - 1].sentences
        return min((cost, start), (empty_cost, end))
