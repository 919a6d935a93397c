"""Counts the decode errors in ffmpeg's log."""

import re

# A packet that could not be decoded, a frame that was partly concealed, and a position at which the demuxer had to
# search for the next valid data of a corrupt container (counted once, whatever was lost there).
_DECODE_ERROR = re.compile(
    r"\[error\] Error while decoding stream #0:"
    r"|\[warning\] file:.*: corrupt decoded frame in stream \d+$"
    # The same errors since ffmpeg 6.1, whose lines begin with the track and its decoder.
    r"|(?:\[(?:[va]ist#0:\d+/\w+|dec:\w+) @ 0x[0-9a-f]+\] )+"
    r"(?:\[error\] (?:Error submitting packet to decoder|Decoding error): |\[warning\] corrupt decoded frame$)"
    # The same errors in the middle of a line about a frame, which another thread writes in several pieces.
    r"|\[Parsed_showinfo_\d+ @ 0x[0-9a-f]+\] \[info\] .*"
    r"(?:Error submitting packet to decoder|Decoding error|corrupt decoded frame)\b"
    r"|\[matroska,webm @ 0x[0-9a-f]+\] \[error\] .*(?:as first byte of an EBML number|exceeds max length"
    r"|exceeds containing master element)"
    r"|\[flv @ 0x[0-9a-f]+\] \[error\] Packet mismatch"
    r"|\[mpegts @ 0x[0-9a-f]+\] \[error\] max resync size reached"
)


class DecodeErrorCount:
    """Reads ffmpeg's log with its levels, line by line; `count` is the number of decode errors."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, line: str) -> None:
        if _DECODE_ERROR.match(line):
            self.count += 1
