"""Parses the log of ffmpeg's silencedetect filter."""

import re
from collections.abc import Iterator

from domain.model.transcripts.speech_intervals import Interval

# Matched at the start of a line: ffmpeg also prints a file's metadata, but always indented. ffmpeg 9 prints the name of
# the filter's instance in place of the filter's name.
_LINE = re.compile(
    r"\[(?:Parsed_)?silencedetect(?:_\d+)? @ 0x[0-9a-f]+\] silence_(start|end): (-?\d+(?:\.\d+)?(?:e-?\d+)?)(?: |$)"
)


class Silences:
    """Collects silences line by line, so that ffmpeg's output is not kept in memory."""

    def __init__(self) -> None:
        self._closed: list[tuple[float, float]] = []
        self._open_since_s: float | None = None

    def __call__(self, line: str) -> None:
        match = _LINE.match(line)
        if match is None:
            return
        time_s = float(match[2])
        if match[1] == "start":
            self._open_since_s = time_s
        elif self._open_since_s is not None:
            self._closed.append((self._open_since_s, time_s))
            self._open_since_s = None

    def clipped_to(self, duration_s: float) -> tuple[Interval, ...]:
        """The silences in order and without overlap; one that is still open ends with the media."""
        return tuple(self._disjoint(duration_s))

    def _disjoint(self, duration_s: float) -> Iterator[Interval]:
        still_open = [] if self._open_since_s is None else [(self._open_since_s, duration_s)]
        earliest_s = 0.0
        for logged_start_s, logged_end_s in [*self._closed, *still_open]:
            start_s, end_s = max(logged_start_s, earliest_s), min(logged_end_s, duration_s)
            if start_s < end_s:
                yield Interval(round(start_s, 3), round(end_s, 3))
                earliest_s = end_s
