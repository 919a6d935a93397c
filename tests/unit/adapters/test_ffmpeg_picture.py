"""How large a rendition's picture is, and what ffmpeg is told to do with it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ffmpeg.picture import poster_filter, rendition_filter, rendition_size
from domain.model.media import CompressionProfile, MediaInfo

PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="veryfast", audio_bitrate_kbps=96)
MEDIA = MediaInfo("mov", 10.0, 1920, 1080, 25.0, "h264", "aac", 2, 1000)
SIDES = st.integers(min_value=1, max_value=8192)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1920, 1080, (1280, 720)),
        (1080, 1920, (720, 1280)),
        (321, 241, (320, 240)),
        (1280, 720, (1280, 720)),
        (3840, 1600, (1728, 720)),
        (1, 1, (2, 2)),
    ],
)
def test_the_shorter_side_is_bounded(width: int, height: int, expected: tuple[int, int]) -> None:
    """As "720p" means, for portrait as for landscape."""
    assert rendition_size(width, height, 720) == expected


@given(SIDES, SIDES, st.integers(min_value=2, max_value=2160))
def test_sizes_are_even_and_never_enlarged(width: int, height: int, max_height: int) -> None:
    """Save that a picture has at least two pixels a side."""
    made_width, made_height = rendition_size(width, height, max_height)
    assert made_width % 2 == made_height % 2 == 0
    assert 2 <= made_width <= max(2, width)
    assert 2 <= made_height <= max(2, height)
    assert min(made_width, made_height) <= max_height


def test_frames_are_dropped_only_when_there_are_too_many() -> None:
    """25 frames a second stay 25."""
    assert rendition_filter(MEDIA, PROFILE, is_hdr=False) == "scale=1280:720,format=yuv420p"
    fast = replace(MEDIA, frame_rate=60.0)
    assert rendition_filter(fast, PROFILE, is_hdr=False) == "fps=30,scale=1280:720,format=yuv420p"


def test_hdr_is_toned_down() -> None:
    """Taken as it is, it would look grey."""
    assert "tonemap" in rendition_filter(MEDIA, PROFILE, is_hdr=True)
    assert "tonemap" in poster_filter(is_hdr=True)
    assert "tonemap" not in poster_filter(is_hdr=False)
