import math
from dataclasses import replace

import pytest

from domain.model.errors import CompressionFailed
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.packet_survey import PacketSurvey, TrackPackets
from domain.model.media.rendition_check import check_rendition, duration_tolerance_s
from tests.support.builders import a_media_info


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


def test_a_rendition_of_sound_alone_needs_no_picture() -> None:
    """But the sound, in its whole length."""
    sound = a_media_info(video_codec=None, width=0, height=0, sound=AudioTrack(duration_s=10.0))
    check_rendition(sound, sound)
    for rendition in (replace(sound, audio_codec=None), replace(sound, sound=AudioTrack(duration_s=9.0))):
        with pytest.raises(CompressionFailed):
            check_rendition(sound, rendition)


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
        (VideoTrack(duration_s=10.0), VideoTrack(duration_s=9.4)),
        (VideoTrack(), VideoTrack(duration_s=9.4)),
    ],
)
def test_a_picture_that_ends_too_early_is_not_proven(source: VideoTrack, rendition: VideoTrack) -> None:
    """The audio, and so the container, may still have the full length."""
    with pytest.raises(CompressionFailed) as refused:
        check_rendition(a_media_info(picture=source), a_media_info(picture=rendition))
    assert refused.value.code == "source_truncated"


def test_a_picture_may_be_as_short_as_in_the_source() -> None:
    """In the source, too, the audio may be longer than the picture."""
    short = a_media_info(picture=VideoTrack(duration_s=4.0), sound=AudioTrack(duration_s=10.0))
    check_rendition(short, short)
    check_rendition(short, a_media_info())


def test_a_sound_that_ends_too_early_is_not_proven() -> None:
    """If neither file states a duration, it is not compared."""
    whole, half = (a_media_info(sound=AudioTrack(duration_s=duration_s)) for duration_s in (10.0, 5.0))
    check_rendition(a_media_info(), half)
    with pytest.raises(CompressionFailed) as refused:
        check_rendition(whole, half)
    assert refused.value.code == "source_truncated"


def test_a_rendition_begins_with_the_first_frame_that_can_be_decoded() -> None:
    """A silent broadcast may begin between two key frames."""
    torn = a_media_info(packets=PacketSurvey((TrackPackets(0, 100, 0.0, 10.0, key_s=4.0),)))
    check_rendition(torn, a_media_info(duration_s=6.0))
    with pytest.raises(CompressionFailed):
        check_rendition(torn, a_media_info(duration_s=5.0))
