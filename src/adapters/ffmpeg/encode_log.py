"""Reads the log of an encode: the decoded frames, the decode errors, and the lines that explain a failure."""

import re

from adapters.ffmpeg.aspect_changes import NumberedAspects
from adapters.ffmpeg.decode_error_count import DecodeErrorCount
from adapters.ffmpeg.frame_lines import FrameLines
from domain.model.media.decoding_report import DecodingReport

# Descriptions of the files, with their titles, and of the encoder.
_DESCRIPTION = re.compile(r"(?:\[(?!Parsed_showinfo)[^\]]*\] )?\[info\] ")


class EncodeLog:
    """Reads ffmpeg's log line by line; `aspects` are the pixel aspects of the frames from a number on."""

    def __init__(self, aspects: NumberedAspects = ()) -> None:
        self.frames = FrameLines(aspects)
        self._decode_errors = DecodeErrorCount()

    def __call__(self, line: str) -> bool:
        """Read one line; the result is whether it cannot explain a failure."""
        if self.frames(line):
            return True
        self._decode_errors(line)
        return _DESCRIPTION.match(line) is not None

    def end(self) -> DecodingReport:
        """The report, after the last line."""
        return DecodingReport(self._decode_errors.count, self.frames.end().frame_count)
