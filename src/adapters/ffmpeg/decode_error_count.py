"""Counts the decode errors in ffmpeg's log, in the wordings of ffmpeg 5 to 9."""

import re

# Most lines begin with the components that log them, the outermost first. Until 6.0 the program itself logs decode
# errors, without a component; since then the track and, from 7.0 on, its decoder do. A demuxer writes `[flv @ 0x…]`;
# in ffmpeg 9 it has the name of its input, `[in#0/flv @ 0x…]`, which is only `[in#0 @ 0x…]` until the file is open.
_LINE = re.compile(r"((?:\[[^\]\[ ]+ @ 0x[0-9a-f]+\] )*)\[(error|warning)\] (.+)")
# The same errors in the middle of a line about a frame, which another thread writes in several pieces.
_INSERTED = re.compile(
    r"\[Parsed_showinfo_\d+ @ 0x[0-9a-f]+\] \[info\] .*"
    r"(?:Error submitting packet to decoder|Decoding error|corrupt decoded frame)\b"
)
_COMPONENT = re.compile(r"\[(?:in#\d+/)?([^\] ]+) @ ")

# A packet that could not be decoded, and a frame that was partly concealed.
_BY_PROGRAM = re.compile(
    r"error: Error while decoding stream #0:|warning: file:.*: corrupt decoded frame in stream \d+$"
)
_BY_TRACK = re.compile(
    r"error: (?:Error submitting packet to decoder|Decoding error|Error applying decoder cropping)"
    r"|warning: corrupt decoded frame$"
)
_TRACK = re.compile(r"[va]ist#0:\d+/\w+|dec:\w+")
# A position at which the demuxer had to search for the next valid data of a corrupt container; it counts once,
# whatever was lost there.
_BY_DEMUXER = {
    "matroska,webm": re.compile(
        r"error: .*(?:as first byte of an EBML number|exceeds max length|exceeds containing master element)"
    ),
    "flv": re.compile(r"error: Packet mismatch"),
    "mpegts": re.compile(r"error: max resync size reached"),
    "ogg": re.compile(r"error: CRC mismatch!"),
}
_UNNAMED_DEMUXER = "in#0"


class DecodeErrorCount:
    """Reads ffmpeg's log with its levels, line by line; `count` is the number of decode errors."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, line: str) -> None:
        match = _LINE.match(line)
        if _is_decode_error(match[1], f"{match[2]}: {match[3]}") if match else _INSERTED.match(line):
            self.count += 1


def _is_decode_error(prefix: str, message: str) -> bool:
    components = _COMPONENT.findall(prefix)
    if not components:
        return _BY_PROGRAM.match(message) is not None
    if all(map(_TRACK.fullmatch, components)):
        return _BY_TRACK.match(message) is not None
    name = components[-1]
    wordings = _BY_DEMUXER.values() if name == _UNNAMED_DEMUXER else [_BY_DEMUXER[name]] if name in _BY_DEMUXER else []
    return any(wording.match(message) for wording in wordings)
