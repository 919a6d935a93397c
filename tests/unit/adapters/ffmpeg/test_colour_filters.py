"""Filters for colours; their effect is tested with renditions."""

from dataclasses import replace

import pytest

from adapters.ffmpeg.colour_filters import has_rare_matrix, into_matrix, into_sdr, known_matrix, tags
from domain.model.media.frame_log import Span
from domain.model.media.media_info import VideoTrack
from domain.model.media.rendition_plan import NO_CHANGES, PictureChanges
from tests.support.builders import a_media_info

PICTURE = VideoTrack(pixel_format="yuv420p")
MEDIA = a_media_info(picture=PICTURE)
MIXED = PictureChanges(hdr_spans=(Span(0.0, 2.0), Span(5.0, float("inf"))), changes_matrix=True)


@pytest.mark.parametrize("stated", ["reserved", "ycgco", "ictcp", "gbr"])
def test_a_rare_matrix_is_replaced(stated: str) -> None:
    """By the one that players would guess."""
    media = replace(MEDIA, picture=replace(PICTURE, matrix=stated))
    assert has_rare_matrix(media.picture)
    assert known_matrix(media) == ["setparams=colorspace=bt709"]
    assert "colorspace=bt709" in tags(media)


def test_a_rare_matrix_of_hdr_is_bt2020() -> None:
    """Which HDR always has."""
    picture = replace(PICTURE, matrix="ictcp", transfer="smpte2084")
    assert known_matrix(replace(MEDIA, picture=picture)) == ["setparams=colorspace=bt2020nc"]


@pytest.mark.parametrize(("stated", "pixel_format"), [("", "yuv420p"), ("bt470bg", "yuv420p"), ("gbr", "gbrp")])
def test_other_matrices_stay(stated: str, pixel_format: str) -> None:
    """Those that are known, unknown, or none."""
    assert known_matrix(replace(MEDIA, picture=VideoTrack(matrix=stated, pixel_format=pixel_format))) == []


def test_a_matrix_that_changes_is_converted() -> None:
    """With the name that the filter has for it."""
    media = replace(MEDIA, picture=replace(PICTURE, matrix="bt470bg"))
    assert into_matrix(media, PictureChanges(changes_matrix=True)) == ":out_color_matrix=bt470"
    assert into_matrix(media, NO_CHANGES) == into_matrix(media, MIXED) == ""


def test_parts_in_hdr_are_laid_over_the_others() -> None:
    """For their time."""
    graph = ",".join(into_sdr(MEDIA, MIXED))
    assert "enable=between(t\\,-0.001\\,1.999)+between(t\\,4.999\\,1e9)" in graph
    assert into_sdr(MEDIA, NO_CHANGES) == []
