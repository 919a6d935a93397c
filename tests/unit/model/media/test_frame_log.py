"""Frames in the order of presentation, and which of their properties last."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.media.frame_log import MAX_KINDS, MAX_SPANS, FrameKind, FrameLog, Span

SMALL = FrameKind(160, 120)
LARGE = FrameKind(1280, 720)
HDR = replace(LARGE, transfer="smpte2084")


def width(kind: FrameKind) -> int:
    """The property that the tests ask for."""
    return kind.width


def logged(*parts: tuple[FrameKind, int], rate: int = 10) -> FrameLog:
    """A log of this many frames of each kind, one after another."""
    log = FrameLog()
    kinds = [kind for kind, count in parts for _ in range(count)]
    for number, kind in enumerate(kinds):
        log.add(number / rate, kind)
    log.end()
    return log


@pytest.mark.parametrize(
    ("small", "large", "expected"),
    [
        (20, 80, {160, 1280}),
        (99, 1, {160}),
        (100, 9, {160}),
        (10, 10, {160, 1280}),
        (3600, 90, {160}),
        (36_000, 110, {160, 1280}),
        (36_000, 90, {160}),
        (1, 1, {160}),
    ],
)
def test_a_part_lasts_a_second_or_a_share(small: int, large: int, expected: set[int]) -> None:
    """A second in a short video, 5 % of a longer one, and ten seconds in any."""
    assert logged((SMALL, small), (LARGE, large)).lasting(width).keys() == expected


def test_a_single_frame_never_lasts() -> None:
    """However long it is shown, as before a gap."""
    log = FrameLog()
    for time_s, kind in ((0.0, SMALL), (0.1, SMALL), (0.2, LARGE), (30.2, SMALL), (30.3, SMALL)):
        log.add(time_s, kind)
    log.end()
    assert log.lasting(width).keys() == {1280}
    log = logged((SMALL, 20), (LARGE, 1), (SMALL, 20))
    assert log.lasting(width).keys() == {160}


def test_parts_of_one_value_count_together() -> None:
    """A property is the same in several kinds."""
    log = logged((SMALL, 5), (replace(SMALL, is_interlaced=True), 5), (LARGE, 5))
    assert log.lasting(width) == pytest.approx({160: 1.0, 1280: 0.5}, abs=0.01)


def test_an_empty_log_has_no_values() -> None:
    """And no duration."""
    log = logged()
    assert (log.lasting(width), log.frame_count, log.duration_s, log.hdr_spans) == ({}, 0, 0.0, ())


def test_times_that_run_backwards_count_nothing() -> None:
    """As in a damaged file."""
    log = FrameLog()
    for time_s in (5.0, 1.0, 2.0):
        log.add(time_s, SMALL)
    log.end()
    assert (log.frame_count, log.duration_s, log.last_s) == (3, 2.0, 2.0)


def test_spans_of_hdr_are_kept() -> None:
    """The last one has no end if the video ends with it."""
    log = logged((LARGE, 10), (HDR, 10), (LARGE, 10), (HDR, 10))
    assert log.hdr_spans == (Span(1.0, 2.0), Span(3.0, float("inf")))


def test_the_memory_is_bounded() -> None:
    """A file may change its size, or its range, with each frame."""
    log = FrameLog()
    for number in range(1000):
        log.add(number / 10, FrameKind(number + 1, 2, transfer="smpte2084" if number % 2 else ""))
    log.end()
    assert log.frame_count == 1000
    assert len(log.lasting(width)) <= MAX_KINDS
    assert len(log.hdr_spans) == MAX_SPANS
    assert log.hdr_spans[-1].end_s == float("inf")


@given(st.lists(st.tuples(st.floats(0, 1e6), st.sampled_from([SMALL, LARGE, HDR])), max_size=40))
def test_durations_add_up(frames: list[tuple[float, FrameKind]]) -> None:
    """To the time from the first frame to the end of the last one, when times rise."""
    log = FrameLog()
    ordered = sorted(frames, key=lambda frame: frame[0])
    for time_s, kind in ordered:
        log.add(time_s, kind)
    log.end()
    steps = [after[0] - before[0] for before, after in pairwise(ordered)]
    assert log.duration_s == pytest.approx(sum(steps) + (steps[-1] if steps else 0.0))
    assert sum(log.lasting(lambda _kind: 0).values()) == pytest.approx(log.duration_s)
