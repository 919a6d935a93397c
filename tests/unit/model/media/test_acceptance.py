import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import MediaRejected
from domain.model.failure import FailureCode
from domain.model.media.acceptance import MAX_FRAME_PIXELS, MAX_FRAME_RATE, MAX_PIXELS, MAX_SIDE_PIXELS, MAX_STREAMS
from domain.model.media.media_info import MediaInfo
from tests.support.builders import a_media_info, a_media_policy

LIMIT_S = 4 * 3600.0


def _refusal(media: MediaInfo) -> str:
    with pytest.raises(MediaRejected) as refused:
        a_media_policy(max_duration_s=LIMIT_S).check(media)
    return refused.value.code


@pytest.mark.parametrize(
    "media",
    [
        a_media_info(),
        a_media_info(duration_s=LIMIT_S),
        a_media_info(duration_s=0.001),
        a_media_info(width=8192, height=4320),
        a_media_info(width=4320, height=8192),
        a_media_info(width=1, height=1),
        a_media_info(frame_rate=MAX_FRAME_RATE),
        a_media_info(frame_rate=0.0),
        a_media_info(stream_count=MAX_STREAMS),
        a_media_info(audio_codec=None),
    ],
)
def test_media_within_the_limits_pass(media: MediaInfo) -> None:
    """The limits are inclusive."""
    a_media_policy(max_duration_s=LIMIT_S).check(media)


@pytest.mark.parametrize("duration_s", [0.0, -0.0, -1.0, math.nan, math.inf, -math.inf])
def test_an_invalid_duration_is_malformed(duration_s: float) -> None:
    """A file without a valid duration can't be limited."""
    assert _refusal(a_media_info(duration_s=duration_s)) == FailureCode.MALFORMED_VIDEO


@pytest.mark.parametrize("duration_s", [math.nextafter(LIMIT_S, math.inf), LIMIT_S + 1, 1e308])
def test_more_than_the_limit_is_too_long(duration_s: float) -> None:
    """The limit is a setting of the installation."""
    assert _refusal(a_media_info(duration_s=duration_s)) == FailureCode.TOO_LONG


@pytest.mark.parametrize(("width", "height"), [(0, 1080), (1920, 0), (-1920, 1080), (-1, -1)])
def test_a_picture_without_a_size_is_malformed(width: int, height: int) -> None:
    """Two negative sides have a positive product and are refused all the same."""
    assert _refusal(a_media_info(width=width, height=height)) == FailureCode.MALFORMED_VIDEO


@pytest.mark.parametrize(
    ("width", "height"),
    [(MAX_SIDE_PIXELS + 1, 1), (1, MAX_SIDE_PIXELS + 1), (8192, 4321), (MAX_SIDE_PIXELS, MAX_SIDE_PIXELS)],
)
def test_a_picture_over_8k_is_too_large(width: int, height: int) -> None:
    """Each side and the area are limited: 16000 x 16000 frames take 3 GB."""
    assert _refusal(a_media_info(width=width, height=height)) == FailureCode.TOO_LARGE_PICTURE
    assert MAX_FRAME_PIXELS == 8192 * 4320


@pytest.mark.parametrize("frame_rate", [math.nextafter(MAX_FRAME_RATE, math.inf), 1e308, math.inf])
def test_more_frames_than_the_limit_are_too_many(frame_rate: float) -> None:
    """A stated rate of 1e308 frames per second is refused like any other."""
    assert _refusal(a_media_info(frame_rate=frame_rate)) == FailureCode.FRAME_RATE_TOO_HIGH


def test_all_frames_together_are_limited() -> None:
    """Slow motion is accepted for hours at 1080p, but not a picture of 8K at 240 frames per second."""
    a_media_policy(max_duration_s=LIMIT_S).check(a_media_info(duration_s=LIMIT_S, frame_rate=240.0))
    large = a_media_info(width=8192, height=4320, frame_rate=240.0, duration_s=LIMIT_S)
    assert _refusal(large) == FailureCode.TOO_LONG
    assert MAX_PIXELS == 8192 * 4320 * 30 * LIMIT_S


@pytest.mark.parametrize("frame_rate", [math.nan, -1.0, -math.inf])
def test_an_invalid_frame_rate_is_malformed(frame_rate: float) -> None:
    """Unknown is 0.0; a negative rate or NaN is refused."""
    assert _refusal(a_media_info(frame_rate=frame_rate)) == FailureCode.MALFORMED_VIDEO


def test_sound_alone_needs_no_picture() -> None:
    """Its other properties are limited as those of a video."""
    sound = a_media_info(video_codec=None, width=0, height=0, frame_rate=0.0)
    a_media_policy().check(sound)
    assert _refusal(replace(sound, duration_s=10 * 3600.0)) == FailureCode.TOO_LONG


def test_more_than_16_streams_are_too_many() -> None:
    """Each stream costs memory before anything is decoded."""
    assert _refusal(a_media_info(stream_count=MAX_STREAMS + 1)) == FailureCode.TOO_MANY_STREAMS


@given(
    st.builds(
        a_media_info,
        duration_s=st.floats(),
        width=st.integers(-10, 20_000),
        height=st.integers(-10, 20_000),
        frame_rate=st.floats(),
        stream_count=st.integers(0, 400),
    )
)
def test_accepted_media_are_within_every_limit(media: MediaInfo) -> None:
    """Any file is either refused with a public code or within every limit."""
    try:
        a_media_policy(max_duration_s=LIMIT_S).check(media)
    except MediaRejected as refused:
        FailureCode(refused.code)
        return
    assert 0 < media.duration_s <= LIMIT_S
    assert 0 < media.width * media.height <= MAX_FRAME_PIXELS
    assert 0 <= media.frame_rate <= MAX_FRAME_RATE
    assert media.stream_count <= MAX_STREAMS
