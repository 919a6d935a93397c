"""Parses the log of ffmpeg's showinfo filter: two lines for each decoded frame."""

import math
import re
from dataclasses import replace

from adapters.ffmpeg.aspect_changes import NumberedAspects
from domain.model.media.frame_log import FrameKind, FrameLog
from domain.model.media.rendition_plan import PixelAspect

SHOW_FRAMES = "showinfo=checksum=0"

# Matched at the start of a line: ffmpeg also prints a file's metadata, but always indented.
_PREFIX = r"\[Parsed_showinfo_\d+ @ 0x[0-9a-f]+\] \[info\] "
_FRAME = re.compile(
    _PREFIX + r"n: *\d+ pts: *\S+ pts_time:(\S+) .*\bfmt:(\w+) .*\bsar:(\d+)/(\d+) s:(\d+)x(\d+) i:(\w) .*\btype:\S *"
)
_COLOURS = re.compile(_PREFIX + r"color_range:\S+ color_space:(\S+) color_primaries:\S+ color_trc:(\S+)")
_OTHER = re.compile(_PREFIX + r"(?:config |  side data - |$)")


class FrameLines:
    """Reads lines and collects the frames that they describe.

    `aspects` replace the pixel aspects of the frames from a number on, and `pixel_aspects` has their times. The lines
    are not kept. Several threads of ffmpeg write the log, so a line may contain the text of another one.
    """

    def __init__(self, aspects: NumberedAspects = ()) -> None:
        self.log = FrameLog()
        self.pixel_aspects: tuple[PixelAspect, ...] = ()
        self._aspects = dict(aspects)
        self._frame: re.Match[str] | None = None
        self._colours = ("", "")

    def __call__(self, line: str) -> bool:
        """Read one line; the result is whether it is one of the filter's, with nothing else in it."""
        if "showinfo" not in line:
            return False
        if frame := _FRAME.match(line):
            self._add()
            self._frame = frame
            return frame.end() == len(line)
        if colours := _COLOURS.match(line):
            self._colours = colours[1], colours[2]
            self._add()
            return colours.end() == len(line)
        return _OTHER.match(line) is not None

    def end(self) -> FrameLog:
        """The frames, after the last line."""
        self._add()
        self.log.end()
        return self.log

    def _add(self) -> None:
        """Add the frame whose lines are complete."""
        if self._frame is None:
            return
        time_s = _time_s(self._frame[1], self.log.last_s)
        if (aspect := self._aspects.get(self.log.frame_count)) is not None:
            self.pixel_aspects = (*self.pixel_aspects, PixelAspect(time_s, aspect))
        kind = _kind(self._frame, *self._colours)
        if self.pixel_aspects:
            kind = replace(kind, pixel_aspect=self.pixel_aspects[-1].aspect)
        self.log.add(time_s, kind)
        self._frame = None


def _kind(frame: re.Match[str], matrix: str, transfer: str) -> FrameKind:
    aspect_width, aspect_height = int(frame[3]), int(frame[4])
    return FrameKind(
        width=int(frame[5]),
        height=int(frame[6]),
        pixel_aspect=aspect_width / aspect_height if aspect_width and aspect_height else 1.0,
        pixel_format=frame[2],
        is_interlaced=frame[7] in "TB",
        matrix=matrix,
        transfer=transfer,
    )


def _time_s(text: str, otherwise_s: float) -> float:
    try:
        time_s = float(text)
    except ValueError:
        return otherwise_s
    return time_s if math.isfinite(time_s) else otherwise_s
