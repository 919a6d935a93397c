"""The log of the filter that measures peaks."""

import pytest

from adapters.ffmpeg.peak_levels import PeakLevels, measuring_filter


@pytest.mark.parametrize(
    ("level", "audible"),
    [("-18.1 dB", {12}), ("0.0 dB", {12}), ("-59.9 dB", {12}), ("-91.0 dB", set[int]()), ("-inf dB", set[int]())],
)
def test_a_track_is_audible_above_silence(level: str, audible: set[int]) -> None:
    """The name of the filter says which track it is."""
    levels = PeakLevels()
    levels(f"[{measuring_filter(12)} @ 0x55f508516840] max_volume: {level}")
    assert levels.audible == audible


@pytest.mark.parametrize(
    "line",
    [
        "",
        "max_volume: -1.0 dB",
        "  title: [volumedetect@track1 @ 0x1] max_volume: -1.0 dB",
        "[volumedetect@trackx @ 0x1] max_volume: 1 dB",
    ],
)
def test_other_lines_are_ignored(line: str) -> None:
    """A file may contain them as its title."""
    levels = PeakLevels()
    levels(line)
    assert levels.audible == set()
