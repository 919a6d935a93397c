import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.model.transcripts.speech_intervals import (
    MAX_SPAN_S,
    MIN_SPEECH_S,
    TARGET_SPAN_S,
    AudioSpan,
    Interval,
    plan_spans,
    speech_between,
)

ROUNDING_S = 0.001
NOISE_S = 1e-6

durations_s = st.floats(min_value=0.0, max_value=600.0)


@st.composite
def _silences(draw: st.DrawFn) -> list[Interval]:
    """Silences as a tool may report them: unsorted, touching, overlapping, past the end."""
    starts_s = draw(st.lists(st.floats(min_value=-1.0, max_value=610.0), max_size=30))
    return [Interval(start_s, start_s + draw(st.floats(min_value=0.0, max_value=40.0))) for start_s in starts_s]


silences = _silences()


def _joined(intervals: list[Interval]) -> list[Interval]:
    """The same time in as few intervals as possible."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.start_s <= joined[-1].end_s + NOISE_S:
            joined[-1] = Interval(joined[-1].start_s, max(joined[-1].end_s, interval.end_s))
        else:
            joined.append(interval)
    return joined


@given(silences, durations_s)
def test_speech_and_silences_cover_the_duration_without_overlap(silences: list[Interval], duration_s: float) -> None:
    """Every moment is speech or silence, except for intervals under 0.1 s."""
    speech = speech_between(silences, duration_s)
    assert all(interval.duration_s >= MIN_SPEECH_S for interval in speech)
    assert all(interval.start_s >= 0 and interval.end_s <= duration_s for interval in speech)
    assert all(one.end_s <= other.start_s for one, other in itertools.pairwise(speech))
    for interval, silence in itertools.product(speech, silences):
        assert interval.end_s <= silence.start_s or interval.start_s >= silence.end_s
    outside = [Interval(-1.0, 0.0), Interval(duration_s, 1000.0)]
    covered = _joined([*speech, *silences, *outside])
    assert all(after.start_s - before.end_s < MIN_SPEECH_S for before, after in itertools.pairwise(covered))


@pytest.mark.parametrize(
    ("silences", "duration_s", "speech"),
    [
        ([], 10.0, (Interval(0.0, 10.0),)),
        ([Interval(0.0, 10.0)], 10.0, ()),
        ([Interval(3.0, 4.0)], 10.0, (Interval(0.0, 3.0), Interval(4.0, 10.0))),
        ([Interval(5.0, 20.0)], 10.0, (Interval(0.0, 5.0),)),
        ([Interval(0.05, 9.95)], 10.0, ()),
        ([], 0.0, ()),
    ],
    ids=["all speech", "all silence", "one pause", "silence past the end", "only shreds", "no sound at all"],
)
def test_speech_is_the_time_between_silences(
    silences: list[Interval], duration_s: float, speech: tuple[Interval, ...]
) -> None:
    """These are simple cases, in full."""
    assert speech_between(silences, duration_s) == speech


def _check_spans(spans: tuple[AudioSpan, ...], speech: tuple[Interval, ...], duration_s: float) -> None:
    assert all(one.end_s <= other.start_s for one, other in itertools.pairwise(spans))
    for span in spans:
        assert span.start_s >= 0
        assert span.end_s <= duration_s + ROUNDING_S
        assert span.end_s - span.start_s <= MAX_SPAN_S
        assert span.end_s - span.start_s >= MIN_SPEECH_S - ROUNDING_S
        assert span.speech
        assert span.start_s <= span.speech[0].start_s + ROUNDING_S
        assert span.end_s >= span.speech[-1].end_s - ROUNDING_S
    in_spans = _joined([interval for span in spans for interval in span.speech])
    expected = _joined(list(speech))
    assert len(in_spans) == len(expected)
    assert all(
        abs(one.start_s - other.start_s) < NOISE_S and abs(one.end_s - other.end_s) < NOISE_S
        for one, other in zip(in_spans, expected, strict=True)
    )


@given(silences, durations_s)
@example([], 29.60001)
@example([], 59.0)
@example([Interval(0.0, 1.0), Interval(30.65, 100.0)], 100.0)
@example([Interval(15.0, 15.01)], 15.11)
def test_spans_hold_all_speech_in_order_and_never_over_30_s(silences: list[Interval], duration_s: float) -> None:
    """Each span contains all its own speech, is long enough to be transcribed, and contains no speech of the next."""
    speech = speech_between(silences, duration_s)
    _check_spans(plan_spans(speech, duration_s), speech, duration_s)


def test_spans_are_cut_at_silences_near_15_s() -> None:
    """Short chunks keep a cue near its true time."""
    speech = tuple(Interval(start_s, start_s + 4.0) for start_s in (0.0, 5.0, 10.0, 15.0, 20.0))
    spans = plan_spans(speech, 24.0)
    assert [(span.start_s, span.end_s) for span in spans] == [(0.0, 14.2), (14.8, 24.0)]
    assert [span.speech for span in spans] == [speech[:3], speech[3:]]
    assert all(span.speech[-1].end_s - span.speech[0].start_s <= TARGET_SPAN_S for span in spans)


def test_spans_are_cut_at_the_longest_pause_of_their_second_half() -> None:
    """There a sentence most likely ends; a short pause may be within one."""
    speech = (Interval(0.0, 3.0), Interval(6.0, 8.0), Interval(9.0, 13.0), Interval(13.3, 17.0), Interval(17.3, 20.0))
    spans = plan_spans(speech, 20.0)
    assert [span.speech for span in spans] == [speech[:2], speech[2:]]


def test_a_span_that_is_left_over_may_be_cut_again() -> None:
    """The rest after the longest pause can be too long together with what follows."""
    speech = (Interval(0.0, 7.0), Interval(9.0, 14.0), Interval(14.5, 27.0))
    assert [span.speech for span in plan_spans(speech, 27.0)] == [speech[:1], speech[1:2], speech[2:]]


def test_speech_of_exactly_15_s_is_one_span() -> None:
    """The target is inclusive."""
    assert len(plan_spans((Interval(1.0, 8.0), Interval(9.0, 16.0)), 20.0)) == 1


def test_long_silence_is_in_no_span() -> None:
    """Silence is not sent to the transcriber, which may cost money."""
    spans = plan_spans((Interval(100.0, 101.0),), 200.0)
    assert spans == (AudioSpan(99.8, 101.2, (Interval(100.0, 101.0),)),)


def test_speech_without_a_pause_is_cut_into_equal_pieces() -> None:
    """A short remainder could be too little audio for a transcriber."""
    spans = plan_spans((Interval(0.0, 60.0),), 60.0)
    assert [(span.start_s, span.end_s) for span in spans] == [(0.0, 20.0), (20.0, 40.0), (40.0, 60.0)]


def test_no_speech_needs_no_span() -> None:
    """A silent video causes no call."""
    assert plan_spans((), 10.0) == ()
