"""The log of showinfo, as three versions of ffmpeg write it."""

import pytest

from adapters.ffmpeg.frame_lines import FrameLines
from domain.model.media.frame_log import FrameKind
from domain.model.media.rendition_plan import PixelAspect

PREFIX = "[Parsed_showinfo_0 @ 0x7f5204001d40] [info] "
OLD = PREFIX + ("n:   0 pts:      0 pts_time:0       pos:      564 fmt:yuv420p sar:16/15 s:180x144 i:P iskey:1 type:I ")
NEW = PREFIX + (
    "n:   1 pts:   3600 pts_time:0.04    duration:   3600 duration_time:0.04    fmt:yuv420p cl:left sar:16/15"
    " s:180x144 i:T iskey:0 type:P "
)
COLOURS = PREFIX + "color_range:tv color_space:bt709 color_primaries:bt709 color_trc:smpte2084"
KIND = FrameKind(180, 144, 16 / 15, "yuv420p", is_interlaced=False, matrix="bt709", transfer="smpte2084")


def read(*lines: str, aspects: tuple[tuple[int, float], ...] = ()) -> FrameLines:
    """What these lines say."""
    frames = FrameLines(aspects)
    for line in lines:
        frames(line)
    frames.end()
    return frames


def test_two_lines_describe_a_frame() -> None:
    """With lines for side data between them."""
    log = read(OLD, f"{PREFIX}  side data - pan/scan", COLOURS, NEW, COLOURS).log
    assert (log.frame_count, log.last_s) == (2, 0.04)
    assert list(log.lasting(lambda kind: kind)) == [KIND]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (OLD, True),
        (NEW, True),
        (COLOURS, True),
        (f"{PREFIX}  side data - pan/scan", True),
        (f"{PREFIX}config in time_base: 1/90000, frame_rate: 25/1", True),
        (PREFIX, True),
        (f"{OLD}Error submitting packet to decoder: Invalid data", False),
        (f"{PREFIX}color_range:tvcorrupt decoded frame", False),
        ("[h264 @ 0x55] [error] Parsed_showinfo_0", False),
        (f"    title : {OLD}", False),
    ],
)
def test_a_line_with_other_text_is_not_consumed(line: str, *, expected: bool) -> None:
    """An error of another thread may stand in the middle of it."""
    assert FrameLines()(line) is expected


def test_a_frame_without_colours_counts() -> None:
    """Its second line may be torn."""
    log = read(OLD, NEW, f"{PREFIX}color_range:tvError", OLD).log
    assert log.frame_count == 3


def test_metadata_is_no_frame() -> None:
    """It is always indented."""
    assert read(f"    {OLD}", f"    {COLOURS}").log.frame_count == 0


@pytest.mark.parametrize("time", ["NOPTS", "nan", "inf"])
def test_a_frame_without_a_time_follows_the_last_one(time: str) -> None:
    """At the same time."""
    assert read(NEW, COLOURS, NEW.replace("0.04 ", f"{time} "), COLOURS).log.last_s == 0.04


def test_known_aspects_replace_those_of_the_frames() -> None:
    """From the frame with this number on."""
    frames = read(OLD, COLOURS, NEW, COLOURS, aspects=((0, 1.0), (1, 1.5)))
    assert frames.pixel_aspects == (PixelAspect(0.0, 1.0), PixelAspect(0.04, 1.5))
    assert frames.log.lasting(lambda kind: kind.pixel_aspect).keys() <= {1.0, 1.5}


def test_an_unknown_aspect_is_square() -> None:
    """The filter prints 0/1."""
    assert list(read(OLD.replace("16/15", "0/1")).log.lasting(lambda kind: kind.pixel_aspect)) == [1.0]
