import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import CompressionFailed, MediaRejected
from domain.model.failure import FailureCode
from domain.model.media.acceptance import MAX_FRAME_RATE, MAX_PICTURE_PIXELS, MAX_SIDE_PIXELS, MAX_STREAMS
from domain.model.media.media_info import MediaInfo, PictureTrack, SoundTrack
from domain.model.media.rendition_check import check_rendition, duration_tolerance_s
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
def test_a_length_that_makes_no_sense_is_malformed(duration_s: float) -> None:
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
    assert MAX_PICTURE_PIXELS == 8192 * 4320


@pytest.mark.parametrize("frame_rate", [math.nextafter(MAX_FRAME_RATE, math.inf), 1e308, math.inf])
def test_more_frames_than_the_limit_are_too_many(frame_rate: float) -> None:
    """A stated rate of 1e308 frames per second is refused like any other."""
    assert _refusal(a_media_info(frame_rate=frame_rate)) == FailureCode.FRAME_RATE_TOO_HIGH


@pytest.mark.parametrize("frame_rate", [math.nan, -1.0, -math.inf])
def test_a_frame_rate_that_makes_no_sense_is_malformed(frame_rate: float) -> None:
    """Unknown is 0.0; a negative rate or NaN is refused."""
    assert _refusal(a_media_info(frame_rate=frame_rate)) == FailureCode.MALFORMED_VIDEO


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
def test_what_passes_the_gate_is_bounded(media: MediaInfo) -> None:
    """Any file is either refused with a public code or within every limit."""
    try:
        a_media_policy(max_duration_s=LIMIT_S).check(media)
    except MediaRejected as refused:
        FailureCode(refused.code)
        return
    assert 0 < media.duration_s <= LIMIT_S
    assert 0 < media.width * media.height <= MAX_PICTURE_PIXELS
    assert 0 <= media.frame_rate <= MAX_FRAME_RATE
    assert media.stream_count <= MAX_STREAMS


@pytest.mark.parametrize(("duration_s", "tolerance_s"), [(0.1, 0.5), (50.0, 0.5), (51.0, 0.51), (1000.0, 10.0)])
def test_the_tolerance_is_half_a_second_or_one_percent(duration_s: float, tolerance_s: float) -> None:
    """The larger of the two counts."""
    assert duration_tolerance_s(duration_s) == pytest.approx(tolerance_s)


@pytest.mark.parametrize("duration_s", [9.5, 10.0, 10.5])
def test_a_rendition_of_its_sources_length_is_proven(duration_s: float) -> None:
    """The tolerance is inclusive; the picture may be smaller."""
    check_rendition(a_media_info(), a_media_info(duration_s=duration_s, width=640, height=360))
    check_rendition(a_media_info(), a_media_info(duration_s=duration_s, width=1, height=1))


def test_a_rendition_of_a_silent_source_needs_no_sound() -> None:
    """An added silent track is allowed."""
    silent = a_media_info(audio_codec=None)
    check_rendition(silent, silent)
    check_rendition(silent, a_media_info())


@pytest.mark.parametrize(
    ("rendition", "code"),
    [
        (a_media_info(duration_s=9.49), "source_truncated"),
        (a_media_info(duration_s=0.0), "source_truncated"),
        (a_media_info(duration_s=-math.inf), "source_truncated"),
        (a_media_info(duration_s=10.51), "compression_failed"),
        (a_media_info(duration_s=math.inf), "compression_failed"),
        (a_media_info(duration_s=math.nan), "compression_failed"),
        (a_media_info(width=0), "compression_failed"),
        (a_media_info(audio_codec=None), "compression_failed"),
    ],
)
def test_any_other_rendition_is_not_proven(rendition: MediaInfo, code: str) -> None:
    """If it is shorter, longer, without picture or without the source's sound, the original stays."""
    with pytest.raises(CompressionFailed) as refused:
        check_rendition(a_media_info(), rendition)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("source", "rendition"),
    [
        (PictureTrack(duration_s=10.0), PictureTrack(duration_s=9.4)),
        (PictureTrack(), PictureTrack(duration_s=9.4)),
    ],
)
def test_a_picture_that_ends_too_early_is_not_proven(source: PictureTrack, rendition: PictureTrack) -> None:
    """The audio, and so the container, may still have the full length."""
    with pytest.raises(CompressionFailed) as refused:
        check_rendition(a_media_info(picture=source), a_media_info(picture=rendition))
    assert refused.value.code == "source_truncated"


def test_a_picture_may_be_as_short_as_it_was() -> None:
    """In the source, too, the audio may be longer than the picture."""
    short = a_media_info(picture=PictureTrack(duration_s=4.0), sound=SoundTrack(duration_s=10.0))
    check_rendition(short, short)
    check_rendition(short, a_media_info())


def test_a_sound_that_ends_too_early_is_not_proven() -> None:
    """A duration that neither file states is not compared."""
    whole, half = (a_media_info(sound=SoundTrack(duration_s=duration_s)) for duration_s in (10.0, 5.0))
    check_rendition(a_media_info(), half)
    with pytest.raises(CompressionFailed) as refused:
        check_rendition(whole, half)
    assert refused.value.code == "source_truncated"


def test_a_sources_sound_is_known_by_its_codec() -> None:
    """Without an audio codec there is no audio track."""
    assert a_media_info(audio_codec="opus").has_audio
    assert not a_media_info(audio_codec=None).has_audio
