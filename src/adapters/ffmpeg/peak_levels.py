"""Parses the peak levels that ffmpeg's volumedetect filters log, each of which is named after its track."""

import re

# A microphone that is not plugged in gives less, and speech gives more, even if it was recorded far too quietly.
SILENCE_DB = -60.0

_NAME = "volumedetect@track"
_LINE = re.compile(r"\[volumedetect@track(\d{1,4}) @ 0x[0-9a-f]+\] max_volume: (-?\d{1,4}(?:\.\d+)?|-inf) dB", re.ASCII)


def measuring_filter(index: int) -> str:
    """The filter that measures the track with this index."""
    return f"{_NAME}{index}"


class PeakLevels:
    """Reads a log line by line; `audible` are the tracks of which anything was decoded that is louder than silence."""

    def __init__(self) -> None:
        self.audible: set[int] = set()

    def __call__(self, line: str) -> None:
        """Read one line, and ignore it if it is about anything else."""
        match = _LINE.match(line)
        if match is not None and float(match[2]) > SILENCE_DB:
            self.audible.add(int(match[1]))
