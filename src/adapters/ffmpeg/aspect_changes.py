"""Finds the frames at which the pixel aspect changes, from ffprobe's description of each frame.

Since version 7, ffmpeg itself shows all frames of a track with the pixel aspect of the first one.
"""

import re

from domain.model.media.frame_log import MAX_SPANS
from domain.model.media.frame_size import WIDEST_PIXEL

_LINE = re.compile(r"(?:(\d{1,9}):(\d{1,9})|N/A)\|?", re.ASCII)

NumberedAspects = tuple[tuple[int, float], ...]
"""The number of a frame, from 0, and the pixel aspect from there on."""


class AspectChanges:
    """Reads one line per frame; the changes are in order, the first one being that of the first frame."""

    def __init__(self) -> None:
        self._frame_count = 0
        self._changes: list[tuple[int, float]] = []

    def __call__(self, line: str) -> None:
        """Read one line, and ignore it if it does not describe a frame."""
        ratio = _LINE.fullmatch(line.strip())
        if ratio is None:
            return
        aspect = _aspect(ratio)
        is_change = not self._changes or self._changes[-1][1] != aspect
        if is_change and len(self._changes) < MAX_SPANS:
            self._changes.append((self._frame_count, aspect))
        self._frame_count += 1

    @property
    def changes(self) -> NumberedAspects:
        """The aspects of all parts; empty if all frames have the same one."""
        return tuple(self._changes) if len(self._changes) > 1 else ()


def _aspect(ratio: re.Match[str]) -> float:
    """The aspect; 1 if it is unknown or implausible."""
    width, height = int(ratio[1] or 0), int(ratio[2] or 0)
    is_plausible = 0 < height <= WIDEST_PIXEL * width and width <= WIDEST_PIXEL * height
    return width / height if is_plausible else 1.0
