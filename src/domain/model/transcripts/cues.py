"""Cues: caption text with start and end times, aligned with the speech."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.model.transcripts.alignment import align
from domain.model.transcripts.segmentation import MAX_CUE_DURATION_S, divide
from domain.model.transcripts.speech_intervals import Interval
from domain.model.transcripts.text_layout import breakable_parts, columns, fits_screen, join_texts, joined, wrap

MIN_CUE_S = 1.0
MAX_CUE_S = MAX_CUE_DURATION_S
MAX_COLUMNS_PER_S = 20.0  # A reading speed for most people; subtitling guidelines say 17 to 20.
MIN_START_DISTANCE_S = 0.2
MAX_JOIN_GAP_S = 0.5

# How far a segment's times may be wrong: Whisper's smallest models round them to whole seconds.
SNAP_S = 0.6
MAX_EARLY_S = 1.5
MAX_LATE_S = 0.5


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption; its text has no line breaks, `lines` divides it.

    `breaks` are the positions of the spaces where the author of uploaded captions broke the lines; if None, the lines
    are balanced automatically.
    """

    start_s: float
    end_s: float
    text: str
    breaks: tuple[int, ...] | None = None

    @property
    def lines(self) -> list[str]:
        """The author's lines, or at most two lines of at most 42 columns."""
        if self.breaks is None:
            return wrap(self.text)
        return [self.text[start + 1 : end] for start, end in pairwise([-1, *self.breaks, len(self.text)])]


def cues_of_text(text: str, speech: Sequence[Interval]) -> tuple[Cue, ...]:
    """Cues for text without times: aligned with the speech, so that sentences begin where speech begins."""
    spoken = breakable_parts(text)
    times = align(spoken, speech)
    if not times:
        return ()
    return tuple(
        Cue(times[piece][0].start_s, times[piece][-1].end_s, joined(spoken[piece])) for piece in divide(spoken, times)
    )


def cues_of_segments(segments: Iterable[tuple[Interval, str]], speech: Sequence[Interval] = ()) -> tuple[Cue, ...]:
    """Cues for text whose times are known, though often imprecise.

    A segment's start is snapped to the nearest start of speech, and its text is aligned with the speech during it.
    """
    snapped = list(
        _join_simultaneous((_snapped(interval, speech), text) for interval, text in sorted(segments) if text.split())
    )
    limits_s = [interval.start_s for interval, _ in snapped[1:]] + [float("inf")]
    return tuple(
        cue
        # Without any segment there is still one limit.
        for (interval, text), limit_s in zip(snapped, limits_s, strict=False)
        for cue in cues_of_text(text, _speech_during(interval, limit_s, speech))
    )


def _snapped(segment: Interval, speech: Sequence[Interval]) -> Interval:
    """The segment, moved to the nearest start of speech, or to the next one if the segment starts in a pause."""
    moment_s = segment.start_s
    near = [each.start_s for each in speech if abs(each.start_s - moment_s) <= SNAP_S]
    if not near and not any(each.start_s <= moment_s <= each.end_s for each in speech):
        near = [each.start_s for each in speech if 0 <= each.start_s - moment_s <= MAX_EARLY_S]
    start_s = min(near, key=lambda start_s: abs(start_s - moment_s), default=moment_s)
    return Interval(start_s, max(start_s, segment.end_s))


def _join_simultaneous(segments: Iterable[tuple[Interval, str]]) -> Iterator[tuple[Interval, str]]:
    """Join segments that begin at about the same time, because such times do not order them reliably."""
    current: tuple[Interval, str] | None = None
    for interval, text in segments:
        if current is None:
            current = (interval, text)
        elif interval.start_s < current[0].start_s + MIN_START_DISTANCE_S:
            current = (Interval(current[0].start_s, max(current[0].end_s, interval.end_s)), f"{current[1]} {text}")
        else:
            yield current
            current = (interval, text)
    if current is not None:
        yield current


def _speech_during(segment: Interval, limit_s: float, speech: Sequence[Interval]) -> list[Interval]:
    """The speech from the segment's start to its end or to an end of speech soon after it; without any, the segment."""
    speech_ends_s = (each.end_s for each in speech if segment.end_s <= each.end_s <= segment.end_s + MAX_LATE_S)
    end_s = min(next(speech_ends_s, segment.end_s), limit_s)
    inside = [Interval(max(each.start_s, segment.start_s), min(each.end_s, end_s)) for each in speech]
    spoken = [each for each in inside if each.duration_s > 0]
    return spoken or [Interval(segment.start_s, min(segment.end_s, limit_s))]


def without_overlap(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Cues in order that don't overlap, each 1 to 7 s long if its neighbours leave enough time.

    A cue that would be shown too briefly is joined with the next or the previous one, if both fit on the screen.
    """
    shown = _join_brief(list(_separate_starts(sorted(cues, key=lambda cue: cue.start_s))))
    next_starts_s = [cue.start_s for cue in shown[1:]] + [float("inf")]
    # Without any cue there is still one limit.
    return tuple(_extend_to_reading_time(cue, next_s) for cue, next_s in zip(shown, next_starts_s, strict=False))


def _separate_starts(cues: Iterable[Cue]) -> Iterator[Cue]:
    """The cues with starts at least 0.2 s apart, whatever times the transcriber has given."""
    earliest_s = 0.0
    for cue in cues:
        start_s = max(cue.start_s, earliest_s)
        earliest_s = start_s + MIN_START_DISTANCE_S
        yield replace(cue, start_s=start_s, end_s=max(start_s, cue.end_s))


def _join_brief(cues: Sequence[Cue]) -> list[Cue]:
    shown: list[Cue] = []
    for cue in cues:
        if shown and cue.start_s - shown[-1].start_s < MIN_CUE_S and _can_join(shown[-1], cue):
            shown[-1] = _join(shown[-1], cue)
        elif len(shown) > 1 and cue.start_s - shown[-1].start_s < MIN_CUE_S and _can_join(*shown[-2:]):
            shown[-2:] = [_join(*shown[-2:]), cue]
        else:
            shown.append(cue)
    return shown


def _can_join(first: Cue, second: Cue) -> bool:
    is_near = second.start_s - first.end_s <= MAX_JOIN_GAP_S and second.end_s - first.start_s <= MAX_CUE_S
    return is_near and fits_screen(join_texts(first.text, second.text))


def _join(first: Cue, second: Cue) -> Cue:
    return Cue(first.start_s, max(first.end_s, second.end_s), join_texts(first.text, second.text))


def _extend_to_reading_time(cue: Cue, next_start_s: float) -> Cue:
    """The cue, extended to the time needed to read it, but never past the next cue's start."""
    read_s = max(MIN_CUE_S, columns(cue.text) / MAX_COLUMNS_PER_S)
    ideal_end_s = min(max(cue.end_s, cue.start_s + read_s), cue.start_s + MAX_CUE_S)
    return Cue(round(cue.start_s, 3), round(min(ideal_end_s, next_start_s), 3), cue.text)
