"""When a source counts as damaged."""

import pytest

from domain.model.damage import MAX_FAULTS, check_decoded
from domain.model.errors import CompressionFailed
from domain.model.media import MediaInfo, PictureTrack
from tests.builders import a_media_info


def with_frames(frame_count: int | None, *, start_s: float = 0.0, duration_s: float | None = 10.0) -> MediaInfo:
    """A rendition of so many frames."""
    picture = PictureTrack(duration_s=duration_s, start_s=start_s, frame_count=frame_count)
    return a_media_info(picture=picture)


def check(rendition: MediaInfo, *, faults: int, frame_rate: float = 25.0, is_interlaced: bool = False) -> None:
    """Of a source of 10 s."""
    source = a_media_info(frame_rate=frame_rate, picture=PictureTrack(is_interlaced=is_interlaced))
    check_decoded(source, rendition, faults=faults, max_frame_rate=30.0)


@pytest.mark.parametrize("faults", [0, 1, MAX_FAULTS])
def test_torn_ends_are_no_damage(faults: int) -> None:
    """Whatever was cut out of a longer recording has them."""
    check(with_frames(250), faults=faults)


def test_many_faults_are_damage() -> None:
    """Though the rendition is as long as ever, and has all its frames."""
    with pytest.raises(CompressionFailed) as raised:
        check(with_frames(250), faults=MAX_FAULTS + 1)
    assert raised.value.code == "source_damaged"


def test_frames_that_are_missing_beside_a_fault_are_damage() -> None:
    """A hole in a container swallows frames, and all that is heard of it is where it ends."""
    with pytest.raises(CompressionFailed, match=r"0\.52 s could not be read") as raised:
        check(with_frames(237), faults=1)
    assert raised.value.code == "source_damaged"
    check(with_frames(238), faults=1)


def test_frames_are_counted_at_the_rate_that_is_kept() -> None:
    """60 frames a second come down to 30."""
    check(with_frames(300), faults=1, frame_rate=60.0)
    with pytest.raises(CompressionFailed):
        check(with_frames(150), faults=1, frame_rate=60.0)


def test_few_frames_alone_are_no_damage() -> None:
    """Nothing happens on some screens."""
    check(with_frames(3), faults=0)


def test_a_picture_that_begins_late_has_fewer_frames() -> None:
    """A broadcast is joined between two key frames."""
    check(with_frames(200, start_s=2.0), faults=1)


@pytest.mark.parametrize("rendition", [with_frames(None), with_frames(100, duration_s=None)])
def test_frames_that_are_not_counted_tell_nothing(rendition: MediaInfo) -> None:
    """Nor do they without a length."""
    check(rendition, faults=1)


def test_a_rate_that_may_be_that_of_fields_tells_nothing() -> None:
    """Nor does one that is unknown."""
    check(with_frames(100), faults=1, is_interlaced=True)
    check(with_frames(100), faults=1, frame_rate=0.0)
