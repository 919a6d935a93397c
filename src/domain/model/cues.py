"""Cues: text on the screen from one moment to another, laid over the speech it belongs to."""

import itertools
import math
import re
import textwrap
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.model.speech import Interval

MAX_LINE_LENGTH = 42
MAX_LINES = 2
MIN_CUE_S = 1.0
MAX_CUE_S = 7.0
MIN_APART_S = 0.2
SNAP_S = 1.0

_COMMA_REACH = 1 / 8  # Of a piece's length: a comma this near to an equal share is the better place to break.
_NEAR = 12  # More breaks on either side than lie within reach of a comma.

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[\u3002\uff01\uff1f])")


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption; its text has no line breaks, `lines` says where they go."""

    start_s: float
    end_s: float
    text: str

    @property
    def lines(self) -> list[str]:
        """At most two lines of at most 42 characters."""
        return _wrapped(self.text)


def cues_of_segments(segments: Iterable[tuple[Interval, str]]) -> tuple[Cue, ...]:
    """Cues for text whose times are known; long segments are divided by length."""
    return tuple(cue for interval, text in segments for cue in _laid(_pieces(text), (interval,)))


def cues_of_text(text: str, speech: Sequence[Interval]) -> tuple[Cue, ...]:
    """Cues for text without times: laid over the speech by length, and snapped to where speech begins."""
    if not speech:
        return ()
    return tuple(replace(cue, start_s=_snapped(cue.start_s, speech)) for cue in _laid(_pieces(text), speech))


def without_overlap(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Cues in order, each 1 to 7 s long where its neighbours leave room, none over another."""
    starting = list(_starting_apart(sorted(cues, key=lambda cue: cue.start_s)))
    next_starts_s = [cue.start_s for cue in starting[1:]] + [float("inf")]
    # Without any cue, the last limit is left over.
    return tuple(_ending_before(cue, next_s) for cue, next_s in zip(starting, next_starts_s, strict=False))


def _starting_apart(cues: Iterable[Cue]) -> Iterator[Cue]:
    """No two cues start together, whatever times a transcriber gives."""
    earliest_s = 0.0
    for cue in cues:
        start_s = max(cue.start_s, earliest_s)
        earliest_s = start_s + MIN_APART_S
        yield replace(cue, start_s=start_s)


def _ending_before(cue: Cue, next_start_s: float) -> Cue:
    wanted_s = min(max(cue.end_s, cue.start_s + MIN_CUE_S), cue.start_s + MAX_CUE_S)
    return Cue(round(cue.start_s, 3), round(min(wanted_s, next_start_s), 3), cue.text)


def _laid(pieces: Sequence[str], speech: Sequence[Interval]) -> Iterator[Cue]:
    """Give each piece its share, by characters, of the time in which somebody speaks."""
    characters = sum(map(len, pieces))
    spoken_s = sum(interval.duration_s for interval in speech)
    said = 0
    for piece in pieces:
        start_s = _moment(spoken_s * said / characters, speech)
        said += len(piece)
        yield Cue(start_s, max(start_s, _moment(spoken_s * said / characters, speech, at_end=True)), piece)


def _moment(spoken_s: float, speech: Sequence[Interval], *, at_end: bool = False) -> float:
    """The moment at which so many seconds of speech have been heard."""
    left_s = spoken_s
    for interval in speech:
        if left_s < interval.duration_s or (at_end and left_s <= interval.duration_s):
            return interval.start_s + left_s
        left_s -= interval.duration_s
    return speech[-1].end_s


def _snapped(moment_s: float, speech: Sequence[Interval]) -> float:
    nearest = min((interval.start_s for interval in speech), key=lambda start_s: abs(start_s - moment_s))
    return nearest if abs(nearest - moment_s) <= SNAP_S else moment_s


def _pieces(text: str) -> list[str]:
    """Sentences, divided where one does not fit on the screen."""
    sentences = _SENTENCE_END.split(" ".join(text.split()))
    return [piece for sentence in sentences if sentence for piece in _fitting(sentence.strip())]


def _fitting(sentence: str) -> list[str]:
    """The sentence in as few pieces of about equal length as fit on the screen.

    From sixteen pieces on, the number grows in larger steps: a transcript without a full stop must not take long.
    """
    breaks = _breaks(sentence)
    count = math.ceil(len(sentence) / (MAX_LINES * MAX_LINE_LENGTH + 1))
    while True:
        for comma_reach in (_COMMA_REACH, 0.0):
            pieces = _divided(sentence, breaks, count, comma_reach)
            if all(len(_wrapped(piece)) <= MAX_LINES for piece in pieces):
                return pieces
        count += 1 + count // 16


def _divided(sentence: str, breaks: Sequence[int], count: int, comma_reach: float) -> list[str]:
    """At most so many pieces, each broken off nearest to its equal share, or after a comma within reach of it."""
    share = len(sentence) / count

    def nearest(wanted: float) -> int:
        place = bisect(breaks, wanted)
        near = breaks[max(0, place - _NEAR) : place + _NEAR]
        pauses = [cut for cut in near if sentence[cut - 2] in ",;:" and abs(cut - wanted) <= share * comma_reach]
        return min(pauses or near, key=lambda cut: abs(cut - wanted))

    cuts = sorted({nearest(share * number) for number in range(1, count)})
    return [sentence[start:end].rstrip() for start, end in itertools.pairwise([0, *cuts, len(sentence)])]


def _breaks(sentence: str) -> list[int]:
    """Where a piece may begin: after a space, and about every half line of a word that no line holds."""
    return [
        word.start() + len(word[0]) * part // parts
        for word in re.finditer(r"\S+", sentence)
        for parts in [math.ceil(2 * len(word[0]) / MAX_LINE_LENGTH) if len(word[0]) > MAX_LINE_LENGTH else 1]
        for part in range(parts)
    ][1:]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, MAX_LINE_LENGTH, break_on_hyphens=False)
