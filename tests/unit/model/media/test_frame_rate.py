"""Frame rates of renditions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.media.frame_rate import dropped_share, exceeds_rate, rendition_frame_rate, with_measured_rate
from domain.model.media.media_info import VideoTrack
from domain.model.media.packet_survey import PacketSurvey, TrackPackets
from tests.support.builders import a_media_info

NTSC = Fraction(30_000, 1_001)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (25.0, 25),
        (30.0, 30),
        (30.003, 30),
        (30000 / 1001, NTSC),
        (0.0, 30),
        (30.6, 30),
        (36.0, 30),
        (39.9, 30),
        (40.0, 20),
        (48.0, 24),
        (50.0, 25),
        (60.0, 30),
        (60000 / 1001, NTSC),
        (59.9401, NTSC),
        (90.0, 30),
        (100.0, 25),
        (120.0, 30),
        (120000 / 1001, NTSC),
        (240.0, 30),
        (12.5, Fraction(25, 2)),
        (0.05, Fraction(1, 20)),
    ],
)
def test_a_rate_is_divided_by_an_integer_if_enough_is_left(rate: float, expected: Fraction) -> None:
    """Otherwise motion would not be even; a little above the maximum, half of the frames would be lost."""
    assert rendition_frame_rate(a_media_info(frame_rate=rate), 30.0) == expected


@pytest.mark.parametrize(
    ("mean", "nominal", "expected"),
    [
        (30.6, 1000.0, 30),
        (43.0, 60.0, 30),
        (59.7, 60.0, 30),
        (237.3, 240.0, 30),
        (50.0, 1000.0, 25),
        (50.0, 25.0, 25),
        (25.0, 60.0, 25),
    ],
)
def test_a_variable_rate_has_a_grid(mean: float, nominal: float, expected: int) -> None:
    """The nominal rate, unless it says nothing; below the maximum, frames keep their times."""
    media = a_media_info(frame_rate=mean, picture=VideoTrack(nominal_rate=nominal))
    assert rendition_frame_rate(media, 30.0) == expected


def test_frames_are_dropped_only_above_the_maximum() -> None:
    """One of two at 60 frames per second, and none at 30.003."""
    assert dropped_share(a_media_info(frame_rate=60.0), 30.0) == 2
    assert dropped_share(a_media_info(frame_rate=240.0), 30.0) == 8
    assert dropped_share(a_media_info(frame_rate=30.003), 30.0) == 1
    assert dropped_share(a_media_info(frame_rate=36.0), 30.0) == 1
    assert not exceeds_rate(a_media_info(frame_rate=30.003), 30.0)


@given(st.floats(0.01, 500), st.floats(1, 120))
def test_a_rate_never_exceeds_the_maximum(rate: float, maximum: float) -> None:
    """Except for the slack."""
    made = rendition_frame_rate(a_media_info(frame_rate=rate), maximum)
    assert 0 < made <= maximum * 1.0102
    assert made <= rate * 1.0002


@pytest.mark.parametrize(
    ("count", "end_s", "expected"),
    [(60, 2.0, 30.0), (4000, 2.0, 1000.0), (1, 2.0, 1000.0), (60, 0.0, 1000.0)],
    ids=["measured", "not more than the grid", "one packet", "no duration"],
)
def test_a_rate_that_is_not_stated_is_measured(count: int, end_s: float, expected: float) -> None:
    """The finest grid of times in milliseconds would be 1,000 frames per second."""
    packets = PacketSurvey((TrackPackets(index=0, packet_count=count, start_s=0.0, end_s=end_s),))
    media = a_media_info(frame_rate=1000.0, packets=packets, picture=VideoTrack(index=0))
    assert with_measured_rate(media).frame_rate == expected


def test_without_packets_the_rate_is_the_grid() -> None:
    """The survey may have been incomplete."""
    media = a_media_info(frame_rate=1000.0, packets=PacketSurvey())
    assert with_measured_rate(media) == media
