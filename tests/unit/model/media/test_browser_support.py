"""Which files browsers play unchanged."""

import pytest

from domain.model.media.browser_support import can_be_played, plays_in_browsers
from domain.model.media.media_info import VideoTrack
from tests.support.builders import MediaFields, a_media_info

COMMON = VideoTrack(pixel_format="yuv420p")


@pytest.mark.parametrize(
    ("fields", "content_type", "plays"),
    [
        ({}, "video/mp4", True),
        ({}, "video/quicktime", True),
        ({"audio_codec": None}, "video/mp4", True),
        ({"audio_codec": "mp3"}, "video/mp4", True),
        ({"audio_codec": "ac3"}, "video/mp4", False),
        ({"audio_codec": "pcm_s16le"}, "video/quicktime", False),
        ({"video_codec": "hevc"}, "video/mp4", False),
        ({"video_codec": "prores"}, "video/quicktime", False),
        ({"video_codec": "av1", "audio_codec": "opus"}, "video/mp4", True),
        ({"video_codec": "av1", "picture": VideoTrack(pixel_format="yuv420p10le")}, "video/mp4", True),
        ({"picture": VideoTrack(pixel_format="yuv422p10le")}, "video/mp4", False),
        ({"container": "mpegts"}, "video/mp2t", False),
        ({"container": "flv"}, "video/x-flv", False),
        ({"container": "avi"}, "video/x-msvideo", False),
        ({"container": "matroska"}, "video/x-matroska", False),
        ({"container": "matroska"}, "video/webm", False),
        ({"container": "matroska", "video_codec": "vp9", "audio_codec": "opus"}, "video/webm;codecs=vp9", True),
        ({"container": "matroska", "video_codec": "vp8", "audio_codec": "vorbis"}, "Video/WebM", True),
        ({"container": "matroska", "video_codec": "vp9", "audio_codec": "opus"}, "video/x-matroska", False),
        ({"container": "ogg", "video_codec": "theora", "audio_codec": "vorbis"}, "video/ogg", False),
    ],
)
def test_container_and_codecs_decide(*, fields: MediaFields, content_type: str, plays: bool) -> None:
    """Only what Chrome, Firefox and Safari all play."""
    chosen: MediaFields = {"container": "mov", "picture": COMMON, **fields}
    assert plays_in_browsers(a_media_info(**chosen), content_type) is plays


@pytest.mark.parametrize(
    ("fields", "can_play"),
    [
        ({}, True),
        ({"width": 0, "height": 0}, True),
        ({"audio_codec": None}, True),
        ({"width": 0, "height": 0, "audio_codec": None}, False),
        ({"duration_s": 0.0}, False),
    ],
)
def test_something_must_be_there_to_play(*, fields: MediaFields, can_play: bool) -> None:
    """A picture or sound, for some time."""
    assert can_be_played(a_media_info(**fields)) is can_play
