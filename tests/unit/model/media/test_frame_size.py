import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.media.acceptance import MAX_SIDE_PIXELS
from domain.model.media.frame_size import display_size, fit, rendition_size
from domain.model.media.media_info import VideoTrack
from tests.support.builders import a_media_info

SIDES = st.integers(min_value=1, max_value=MAX_SIDE_PIXELS)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1920, 1080, (1280, 720)),
        (1080, 1920, (720, 1280)),
        (321, 241, (320, 240)),
        (1280, 720, (1280, 720)),
        (3840, 1600, (1728, 720)),
        (3, 5, (2, 4)),
        (1, 1, (2, 2)),
    ],
)
def test_the_shorter_side_is_bounded(width: int, height: int, expected: tuple[int, int]) -> None:
    """The shorter side counts, as in "720p", in portrait as in landscape."""
    assert rendition_size(a_media_info(width=width, height=height), 720) == expected


@pytest.mark.parametrize(
    ("aspect", "expected"),
    [(16 / 11, (1046, 576)), (8 / 9, (640, 576)), (1.0, (720, 576)), (1000.0, (720, 576)), (0.001, (720, 576))],
)
def test_pixels_become_square(aspect: float, expected: tuple[int, int]) -> None:
    """The width is scaled, so that no line is lost; a pixel aspect of a thousand is ignored."""
    media = a_media_info(width=720, height=576, picture=VideoTrack(pixel_aspect=aspect))
    assert rendition_size(media, 720) == expected
    assert display_size(media)[1] == 576


@given(SIDES, SIDES, st.floats(0.01, 100), st.integers(min_value=2, max_value=2160))
def test_sizes_are_even_and_bounded(width: int, height: int, aspect: float, max_height: int) -> None:
    """A rendition is never larger than the displayed source, except that each side has at least two pixels."""
    media = a_media_info(width=width, height=height, picture=VideoTrack(pixel_aspect=aspect))
    made_width, made_height = rendition_size(media, max_height)
    assert made_width % 2 == made_height % 2 == 0
    assert 2 <= made_width <= max(2, display_size(media)[0], MAX_SIDE_PIXELS)
    assert 2 <= made_height <= max(2, height)
    assert min(made_width, made_height) <= max_height
    assert max(made_width, made_height) <= MAX_SIDE_PIXELS


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(1280, 720, (160, 90)), (720, 1280, (158, 284)), (100, 50, (100, 50)), (8192, 2, (160, 2)), (2, 8192, (2, 284))],
)
def test_a_picture_is_fitted_into_a_frame(width: int, height: int, expected: tuple[int, int]) -> None:
    """It keeps its shape and is never enlarged."""
    assert fit(width, height, 160, 284) == expected
