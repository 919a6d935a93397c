"""The lines of ffmpeg's log that count as decode errors."""

import pytest

from adapters.ffmpeg.decode_error_count import DecodeErrorCount


@pytest.mark.parametrize(
    "line",
    [
        "[error] Error while decoding stream #0:1: Invalid data found when processing input",
        "[warning] file:/tmp/x/source: corrupt decoded frame in stream 0",
        "[vist#0:0/h264 @ 0x55d] [error] Error submitting packet to decoder: Invalid data found when processing input",
        "[aist#0:1/aac @ 0x55d] [dec:aac @ 0x55e] [error] Error submitting packet to decoder: Invalid data found",
        "[vist#0:0/h264 @ 0x55d] [dec:h264 @ 0x55e] [error] Decoding error: Invalid data found when processing input",
        "[vist#0:0/h264 @ 0x55d] [dec:h264 @ 0x55e] [warning] corrupt decoded frame",
        "[matroska,webm @ 0x55d] [error] 0x00 at pos 1310 (0x51e) invalid as first byte of an EBML number",
        "[matroska,webm @ 0x55d] [error] Length 7 indicated by an EBML number's first byte 0x02 exceeds max length 4.",
        "[matroska,webm @ 0x55d] [error] Element at 0x1 ending at 0x9 exceeds containing master element ending at 0x5",
        "[flv @ 0x55d] [error] Packet mismatch 9 20 20",
        "[mpegts @ 0x55d] [error] max resync size reached, could not find sync byte",
        "[in#0/matroska,webm @ 0x55d] [error] 0x00 at pos 1310 (0x51e) invalid as first byte of an EBML number",
        "[in#0 @ 0x55d] [error] 0x00 at pos 1310 (0x51e) invalid as first byte of an EBML number",
        "[ogg @ 0x55d] [error] CRC mismatch!",
        "[in#0/ogg @ 0x55d] [error] CRC mismatch!",
        "[in#0/flv @ 0x55d] [error] Packet mismatch 9 20 20",
        "[in#0/mpegts @ 0x55d] [error] max resync size reached, could not find sync byte",
        "[vist#0:0/h264 @ 0x55d] [dec:h264 @ 0x55e] [error] Error applying decoder cropping",
        "[Parsed_showinfo_0 @ 0x7f1] [info] n: 3 [vist#0:0/h264 @ 0x1] [warning] corrupt decoded frame",
    ],
)
def test_decode_errors_are_counted(line: str) -> None:
    """Each line counts once."""
    faults = DecodeErrorCount()
    for each in (line, line):
        faults(each)
    assert faults.count == 2


@pytest.mark.parametrize(
    "line",
    [
        "[h264 @ 0x55d] [error] error while decoding MB 3 4, bytestream -5",
        "[h264 @ 0x55d] [error] non-existing PPS 0 referenced",
        "[swscaler @ 0x55d] [swscaler @ 0x55e] [warning] deprecated pixel format used",
        "[mpegts @ 0x55d] [warning] Packet corrupt (stream = 0, dts = 9).",
        "[warning] file:/tmp/x/source: corrupt input packet in stream 1",
        "[matroska,webm @ 0x55d] [error] File ended prematurely",
        "[vist#0:0/h264 @ 0x55d] [dec:h264 @ 0x55e] [error] Error submitting EOF to decoder: End of file",
        "[vist#0:0/h264 @ 0x55d] [warning] corrupt input packet in stream 0",
        "    title : [error] Error while decoding stream #0:1",
        "[in#0/matroska,webm @ 0x55d] [error] File ended prematurely",
        "[in#0 @ 0x55d] [error] Duplicate element",
        "[in#0/mov,mp4,m4a,3gp,3g2,mj2 @ 0x55d] [error] Packet mismatch 9 20 20",
        "",
    ],
)
def test_other_lines_are_ignored(line: str) -> None:
    """A decoder may log several lines about one frame, and about data before the first complete frame."""
    faults = DecodeErrorCount()
    faults(line)
    assert faults.count == 0
