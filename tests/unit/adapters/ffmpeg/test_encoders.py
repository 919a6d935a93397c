from dataclasses import replace

import pytest

from adapters.ffmpeg.encoders import h264_level
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import AudioTrack, MediaInfo

PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="veryfast", audio_bitrate_kbps=96)
MEDIA = MediaInfo("mov", 10.0, 1920, 1080, 25.0, "h264", "aac", 2, 1000, sound=AudioTrack(1, 2, 48_000))


@pytest.mark.parametrize(
    ("width", "height", "frame_rate", "max_height", "expected"),
    [
        (320, 240, 25.0, 720, "3.0"),
        (1280, 720, 30.0, 720, "3.1"),
        (1280, 720, 60.0, 720, "3.1"),
        (1920, 1080, 30.0, 1080, "4.0"),
        (3840, 2160, 30.0, 2160, "5.1"),
        (8192, 4320, 30.0, 8192, "6.2"),
        (1280, 720, 0.0, 720, "3.1"),
    ],
)
def test_the_level_is_the_lowest_that_fits(
    width: int, height: int, frame_rate: float, max_height: int, expected: str
) -> None:
    """It follows from the rendition; a player may reject a level that it does not know."""
    media = replace(MEDIA, width=width, height=height, frame_rate=frame_rate)
    assert h264_level(media, replace(PROFILE, max_height=max_height)) == expected
