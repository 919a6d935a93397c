"""Damaged files that no browser plays: what can be read is played, and the original is kept beside it."""

from tests.media import originals
from tests.media.expected import ENCODED, PARTLY_DAMAGED, PARTLY_TRUNCATED, Input, beside, plain

# No packet of a program stream lies in the hole, so it is found before the decode errors at its edges count.
_PARTLY_USED = beside(ENCODED, "source_partly_used")

ORIGINALS: tuple[Input, ...] = (
    Input("half.flv", "the first half of an FLV", plain(originals.cut_flv), PARTLY_TRUNCATED, is_extra=True),
    Input("hole.flv", "zeros in the middle", plain(originals.holed_flv), PARTLY_DAMAGED, is_extra=True),
    Input("hole.mpg", "zeros in the middle", plain(originals.holed_mpg), _PARTLY_USED, is_extra=True),
    Input("half-hevc.mp4", "the first half of an MP4 in HEVC", plain(originals.cut_hevc), PARTLY_TRUNCATED),
    Input(
        "half-prores.mov",
        "the first half of a ProRes file",
        plain(originals.cut_prores),
        PARTLY_TRUNCATED,
        is_extra=True,
    ),
)
