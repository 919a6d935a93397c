"""Counting what ffmpeg says it could not decode."""

import re

# A packet of which nothing came, and a frame of which some was made up; and for each place at which a container had to
# be taken up anew, whatever it held until there.
_FAULT = re.compile(
    r"\[error\] Error while decoding stream #0:"
    r"|\[warning\] file:.*: corrupt decoded frame in stream \d+$"
    # The same since ffmpeg 6.1, where the track and its decoder speak for themselves.
    r"|(?:\[(?:[va]ist#0:\d+/\w+|dec:\w+) @ 0x[0-9a-f]+\] )+"
    r"(?:\[error\] (?:Error submitting packet to decoder|Decoding error): |\[warning\] corrupt decoded frame$)"
    r"|\[matroska,webm @ 0x[0-9a-f]+\] \[error\] .*(?:as first byte of an EBML number|exceeds max length"
    r"|exceeds containing master element)"
    r"|\[flv @ 0x[0-9a-f]+\] \[error\] Packet mismatch"
    r"|\[mpegts @ 0x[0-9a-f]+\] \[error\] max resync size reached"
)


class Faults:
    """Takes in ffmpeg's log, level and all, line by line; `count` is how many faults it told of."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, line: str) -> None:
        """Take in one line."""
        if _FAULT.match(line):
            self.count += 1
