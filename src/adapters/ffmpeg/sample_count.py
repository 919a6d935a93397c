"""Reads from ffmpeg's log how many audio samples it has decoded."""

import re

# Logged at the level `verbose`, when the input is closed; versions differ in what comes before and between.
_DECODED = re.compile(r"Input stream #0:\d+ \(audio\): .*\((\d{1,15}) samples\)")


class SampleCount:
    """Reads a log line by line; `count` is the number of decoded samples per channel, None if it was not logged."""

    def __init__(self) -> None:
        self.count: int | None = None

    def __call__(self, line: str) -> None:
        """Read one line, and ignore it if it is about anything else."""
        match = _DECODED.search(line)
        if match is not None:
            self.count = int(match[1])
