"""A plan from the container's claims, and a better one from the decoded frames."""

from dataclasses import replace

import pytest

from domain.model.media.frame_log import FrameKind, Span
from domain.model.media.frame_size import display_size
from domain.model.media.media_info import VideoTrack
from domain.model.media.rendition_plan import PictureChanges, RenditionPlan, replanned
from tests.support.builders import a_media_info
from tests.unit.model.media.test_frame_log import logged

PICTURE = VideoTrack(pixel_format="yuv420p")
MEDIA = a_media_info(width=1280, height=720, picture=PICTURE)
PLAN = RenditionPlan(MEDIA)
FULL = FrameKind(1280, 720, pixel_format="yuv420p")
HDR = replace(FULL, pixel_format="yuv420p10le", matrix="bt2020nc", transfer="smpte2084")


def planned(*parts: tuple[FrameKind, int], plan: RenditionPlan = PLAN) -> RenditionPlan:
    """The plan after these frames."""
    return replanned(plan, logged(*parts), 720)


@pytest.mark.parametrize(
    "parts",
    [
        ((FULL, 100),),
        (),
        ((FULL, 100), (replace(FULL, width=1920, height=1080), 1)),
        ((replace(FULL, width=160, height=120), 50), (FULL, 100)),
        ((FULL, 100), (replace(FULL, width=720, height=1280), 50)),
        ((replace(FULL, matrix="unknown"), 100),),
        ((FULL, 100), (replace(FULL, is_interlaced=True), 1)),
    ],
)
def test_a_plan_that_fits_stays(parts: tuple[tuple[FrameKind, int], ...]) -> None:
    """So ordinary videos are encoded once."""
    assert planned(*parts) == PLAN


def test_the_largest_lasting_size_counts() -> None:
    """Whatever the container claims."""
    small = replace(PLAN, media=replace(MEDIA, width=160, height=120))
    media = planned((replace(FULL, width=160, height=120), 30), (FULL, 30), plan=small).media
    assert (media.width, media.height, media.picture.pixel_aspect) == (1280, 720, 1.0)


def test_the_displayed_size_counts() -> None:
    """Television has 720 x 576 pixels whether it is 4:3 or 16:9."""
    television = replace(MEDIA, width=720, height=576, picture=replace(PICTURE, pixel_aspect=16 / 15))
    narrow = replace(FULL, width=720, height=576, pixel_aspect=16 / 15)
    wide = replace(narrow, pixel_aspect=64 / 45)
    media = planned((narrow, 90), (wide, 20), plan=RenditionPlan(television)).media
    assert display_size(media) == (pytest.approx(1024), 576)
    plan = RenditionPlan(replace(television, picture=replace(PICTURE, pixel_aspect=16 / 11)))
    assert planned((replace(narrow, pixel_aspect=16 / 11), 90), plan=plan) == plan


def test_of_equal_areas_the_longer_part_counts() -> None:
    """A phone that is turned early in the recording."""
    media = planned((FULL, 20), (replace(FULL, width=720, height=1280), 50)).media
    assert (media.width, media.height) == (720, 1280)


def test_fields_and_transparency_are_noticed() -> None:
    """If they last."""
    media = planned((FULL, 50), (replace(FULL, is_interlaced=True, pixel_format="yuva444p"), 50)).media
    assert (media.picture.is_interlaced, media.picture.pixel_format) == (True, "yuva444p")


def test_filters_that_are_not_needed_stay() -> None:
    """They change nothing."""
    plan = RenditionPlan(replace(MEDIA, picture=VideoTrack(pixel_format="yuva420p", is_interlaced=True)))
    assert planned((FULL, 100), plan=plan) == plan


def test_parts_in_hdr_are_mapped_alone() -> None:
    """The rendition is BT.709."""
    plan = planned((FULL, 20), (HDR, 20))
    assert plan.changes == PictureChanges(hdr_spans=(Span(2.0, float("inf")),), changes_matrix=True)
    assert (plan.media.picture.transfer, plan.media.picture.matrix) == ("bt709", "bt709")


def test_the_range_of_the_frames_counts() -> None:
    """Not that of a container that is wrong."""
    assert planned((HDR, 20)).media.picture.is_hdr
    claimed = RenditionPlan(replace(MEDIA, picture=replace(PICTURE, transfer="smpte2084")))
    assert not planned((FULL, 20), plan=claimed).media.picture.is_hdr
    assert not planned((FULL, 30), (HDR, 1)).media.picture.is_hdr


def test_a_matrix_that_changes_is_converted() -> None:
    """Into that of the container."""
    small, large = replace(FULL, matrix="smpte170m"), replace(FULL, matrix="bt709")
    assert planned((small, 20), (large, 20)).changes.changes_matrix
    assert planned((FULL, 20), (replace(FULL, pixel_format="gbrp"), 20)).changes.changes_matrix
    plan = planned((small, 20))
    assert (plan.media.picture.matrix, plan.changes.changes_matrix) == ("smpte170m", False)
    assert planned((large, 20)) == PLAN
    television = RenditionPlan(replace(MEDIA, width=720, height=576, picture=replace(PICTURE, matrix="bt470bg")))
    assert planned((replace(FULL, width=720, height=576, matrix="bt470bg"), 20), plan=television) == television
