"""Speech intervals, and how the audio is divided into chunks for transcription. Times are seconds of the video."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

TARGET_SPAN_S = 15.0
MAX_SPAN_S = 30.0
PADDING_S = 0.2
MIN_SPEECH_S = 0.1
MAX_PART_S = MAX_SPAN_S - 2 * PADDING_S - 0.1  # With padding on both sides and rounded, it still fits into a span.


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The time from `start_s` to `end_s`."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """The length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class AudioSpan:
    """One chunk of audio for one transcription call, and the speech intervals inside it."""

    start_s: float
    end_s: float
    speech: tuple[Interval, ...]


def speech_between(silences: Iterable[Interval], duration_s: float) -> tuple[Interval, ...]:
    """The audio without its silences; intervals under 0.1 s count as noise and are dropped."""
    speech: list[Interval] = []
    silence_end_s = 0.0
    for silence in sorted(silences):
        speech.append(Interval(silence_end_s, min(silence.start_s, duration_s)))
        silence_end_s = max(silence_end_s, silence.end_s)
    speech.append(Interval(silence_end_s, duration_s))
    return tuple(interval for interval in speech if interval.duration_s >= MIN_SPEECH_S)


def plan_spans(speech: Iterable[Interval], duration_s: float) -> tuple[AudioSpan, ...]:
    """Divide the audio at its longest silences into spans of about 7.5 to 15 s, at most 30 s; silence is left out.

    Short chunks keep a cue near its true time when the transcriber gives text without times.
    The padding never reaches into another span's speech, so each span contains its own speech and no other.
    """
    groups = list(_groups(speech))
    limits_s = [group[0].start_s for group in groups[1:]] + [duration_s]
    spans: list[AudioSpan] = []
    for group, limit_s in zip(groups, limits_s, strict=False):  # Without any speech there are no groups but one limit.
        previous_end_s = spans[-1].end_s if spans else 0.0
        start_s = max(group[0].start_s - PADDING_S, previous_end_s)
        end_s = min(group[-1].end_s + PADDING_S, limit_s)
        spans.append(AudioSpan(round(start_s, 3), round(end_s, 3), group))
    return tuple(spans)


def _groups(speech: Iterable[Interval]) -> Iterator[tuple[Interval, ...]]:
    group: list[Interval] = []
    for interval in speech:
        for part in _split_long(interval):
            while group and part.end_s - group[0].start_s > TARGET_SPAN_S:
                cut = _longest_pause([*group, part])
                yield tuple(group[:cut])
                del group[:cut]
            group.append(part)
    if group:
        yield tuple(group)


def _longest_pause(group: Sequence[Interval]) -> int:
    """The index of the interval after the longest pause, where most likely a sentence ends.

    Cuts in the first half of a span are avoided: in short chunks the transcriber has less context for each word.
    """
    late = [
        place for place in range(1, len(group)) if group[place].start_s - group[0].start_s >= TARGET_SPAN_S / 2
    ] or [len(group) - 1]
    return max(late, key=lambda place: (group[place].start_s - group[place - 1].end_s, place))


def _split_long(interval: Interval) -> Iterator[Interval]:
    """The interval, divided into equal pieces if it is too long; it has no pause to cut at.

    Equal pieces avoid a short remainder, which could be too little audio for a transcriber.
    """
    count = math.ceil(interval.duration_s / MAX_PART_S)
    cuts_s = [interval.start_s + interval.duration_s * number / count for number in range(count)]
    return map(Interval, cuts_s, [*cuts_s[1:], interval.end_s])
