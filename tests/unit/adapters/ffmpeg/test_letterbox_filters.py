"""Filters that keep the shape of every frame; their effect is tested with renditions."""

import re
from dataclasses import replace

from adapters.ffmpeg.letterbox_filters import letterboxed
from domain.model.media.rendition_plan import NO_CHANGES, PictureChanges, PixelAspect
from tests.support.builders import a_media_info


def test_every_frame_is_scaled_and_centred() -> None:
    """Also when only the pixel aspect changes."""
    scale, pad, square = letterboxed(a_media_info(), 1280, 720, NO_CHANGES, ":out_range=tv")
    assert scale.startswith("scale=w=")
    assert scale.endswith(":eval=frame:out_range=tv")
    assert (pad, square) == ("pad=1280:720:-1:-1:eval=frame", "setsar=1")
    assert not re.search(r"(?<!\\)[,;]", scale)


def test_known_aspects_have_their_times() -> None:
    """The later ones first, because they apply from their time on."""
    known = PictureChanges(pixel_aspects=(PixelAspect(0.0, 1.5), PixelAspect(2.0, 1.25)))
    scale = letterboxed(replace(a_media_info(), width=720), 1280, 720, known, "")[0]
    assert scale.index("gte(t\\,1.999)\\,1.250000") < scale.index("gte(t\\,-0.001)\\,1.500000")
