"""The log of an encode."""

from adapters.ffmpeg.encode_log import EncodeLog
from domain.model.media.decoding_report import DecodingReport
from tests.unit.adapters.ffmpeg.test_frame_lines import COLOURS, OLD, PREFIX


def test_frames_and_errors_are_counted() -> None:
    """An error counts also in the middle of a line about a frame."""
    log = EncodeLog()
    lines = [
        OLD,
        f"{PREFIX}color_range:tvError submitting packet to decoder: Invalid data found",
        "[vist#0:0/h264 @ 0x55] [dec:h264 @ 0x66] [error] Decoding error: Invalid data",
        OLD,
        COLOURS,
    ]
    assert [log(line) for line in lines] == [True, False, False, True, True]
    assert log.end() == DecodingReport(decode_errors=2, decoded_frames=2)


def test_descriptions_explain_no_failure() -> None:
    """They contain the file's title; errors and torn lines are kept."""
    log = EncodeLog()
    assert log("[info]     title           : private")
    assert log("[libx264 @ 0x55] [info] profile High")
    assert not log("[mp4 @ 0x55] [error] No space left on device")
    assert not log(f"{PREFIX}color_range:tvNo space left on device")


def test_the_samples_of_sound_alone_are_counted() -> None:
    """They are logged when the input is closed, among lines that explain no failure."""
    log = EncodeLog()
    assert log("[in#0/flac @ 0x55] [verbose]   Input stream #0:0 (audio): 4 packets read (9 bytes); (48000 samples); ")
    assert log("[verbose] Total: 4 packets (9 bytes) demuxed")
    assert log.end() == DecodingReport(decode_errors=0, decoded_frames=0, decoded_samples=48_000)
