"""When a source counts as damaged."""

import pytest

from domain.model.errors import CompressionFailed
from domain.model.media.decode_errors import MAX_DECODE_ERRORS, check_decoded
from domain.model.media.media_info import MediaInfo, VideoTrack
from tests.support.builders import a_media_info


def with_frames(frame_count: int | None, *, start_s: float = 0.0, duration_s: float | None = 10.0) -> MediaInfo:
    """A rendition with this number of frames."""
    picture = VideoTrack(duration_s=duration_s, start_s=start_s, frame_count=frame_count)
    return a_media_info(picture=picture)


def check(rendition: MediaInfo, *, faults: int, frame_rate: float = 25.0, is_interlaced: bool = False) -> None:
    """Check a source of 10 s."""
    source = a_media_info(frame_rate=frame_rate, picture=VideoTrack(is_interlaced=is_interlaced))
    check_decoded(source, rendition, decode_errors=faults, max_frame_rate=30.0)


@pytest.mark.parametrize("faults", [0, 1, MAX_DECODE_ERRORS])
def test_torn_ends_are_no_damage(faults: int) -> None:
    """A clip that was cut out of a longer recording has decode errors at both ends."""
    check(with_frames(250), faults=faults)


def test_many_faults_are_damage() -> None:
    """The rendition may still have the full length and all its frames."""
    with pytest.raises(CompressionFailed) as raised:
        check(with_frames(250), faults=MAX_DECODE_ERRORS + 1)
    assert raised.value.code == "source_damaged"


def test_frames_that_are_missing_with_a_decode_error_are_damage() -> None:
    """A corrupt container loses frames, and only the end of the gap is logged."""
    with pytest.raises(CompressionFailed, match=r"0\.52 s could not be read") as raised:
        check(with_frames(237), faults=1)
    assert raised.value.code == "source_damaged"
    check(with_frames(238), faults=1)


def test_frames_are_counted_at_the_rate_that_is_kept() -> None:
    """A source of 60 frames per second becomes one of 30."""
    check(with_frames(300), faults=1, frame_rate=60.0)
    with pytest.raises(CompressionFailed):
        check(with_frames(150), faults=1, frame_rate=60.0)


def test_few_frames_alone_are_no_damage() -> None:
    """A recording of a still screen has few frames."""
    check(with_frames(3), faults=0)


def test_a_picture_that_begins_late_has_fewer_frames() -> None:
    """A recorded broadcast may begin between two key frames."""
    check(with_frames(200, start_s=2.0), faults=1)


@pytest.mark.parametrize("rendition", [with_frames(None), with_frames(100, duration_s=None)])
def test_unknown_frame_counts_are_not_compared(rendition: MediaInfo) -> None:
    """The same holds if the duration is unknown."""
    check(rendition, faults=1)


def test_a_rate_that_may_be_a_field_rate_is_not_compared() -> None:
    """The same holds for an unknown rate."""
    check(with_frames(100), faults=1, is_interlaced=True)
    check(with_frames(100), faults=1, frame_rate=0.0)
