"""Errors of a run of ffmpeg, and their reasons."""

import pytest

from adapters.ffmpeg.errors import check_probed, check_ran, check_worked, reason
from adapters.sandbox.process import EndReason, Outcome
from domain.model.errors import CompressionFailed, MediaRejected, Unavailable

MOV = "[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55b1]"


def failed(text: str, exit_code: int = 1, ended_by: EndReason = EndReason.ITSELF) -> Outcome:
    """A run with this output at its end."""
    return Outcome(exit_code, ended_by, text)


def test_a_reason_is_one_line_without_paths_and_addresses() -> None:
    """Clients see it, and must learn nothing about this machine."""
    outcome = failed(f"first\n{MOV} moov atom not found\nfile:/var/lib/telecine/job-1/source: Invalid data found\n\n")
    assert reason(outcome) == "Invalid data found"
    assert reason(failed(f"{MOV} can't open /var/lib/x.mov: no")) == "can't open the file: no"


def test_a_reason_holds_no_control_characters() -> None:
    """A hostile file cannot send control sequences to a terminal."""
    assert reason(failed("\x1b[31mred\x07\n")) == "[31mred"


def test_a_run_without_output_has_a_reason() -> None:
    """Without output, the reason is the exit code."""
    assert reason(failed("", exit_code=7)) == "ffmpeg ended with code 7."


@pytest.mark.parametrize(
    ("outcome", "code", "retryable"),
    [
        (failed("av_interleaved_write_frame(): No space left on device"), "disk_full", True),
        (failed("", exit_code=-9), "unavailable", True),
        (failed("file:/x/source: No such file or directory"), "file_missing", True),
        (failed("ffmpeg: error while loading shared libraries: libx264.so", exit_code=127), "tool_missing", False),
        (failed("confine: prctl: Operation not permitted", exit_code=121), "tool_missing", False),
    ],
)
def test_failures_of_the_host_are_unavailable(outcome: Outcome, code: str, *, retryable: bool) -> None:
    """A full disk, the out-of-memory killer and missing programs say nothing about the video."""
    with pytest.raises(Unavailable) as raised:
        check_ran(outcome)
    assert (raised.value.code, raised.value.retryable) == (code, retryable)


@pytest.mark.parametrize("outcome", [failed("Conversion failed!"), failed("", exit_code=-25), failed("", exit_code=0)])
def test_failures_of_the_file_are_not_those_of_the_host(outcome: Outcome) -> None:
    """The tool itself works."""
    check_ran(outcome)


@pytest.mark.parametrize(
    ("outcome", "detail"),
    [
        (failed("Conversion failed!"), "Conversion failed!"),
        (failed("", -9, EndReason.WALL_CLOCK), "The time limit was exceeded."),
        (failed("", -9, EndReason.STALL), "There was no more progress."),
    ],
)
def test_a_run_that_failed_stalled_or_took_too_long_is_an_error(outcome: Outcome, detail: str) -> None:
    """A run that we kill at a limit counts as a failure of the file."""
    check_ran(outcome)
    with pytest.raises(CompressionFailed) as raised:
        check_worked(outcome)
    assert raised.value.detail == detail


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (failed("file:/x/source: Invalid data found when processing input"), "not_a_video"),
        (failed(f"{MOV} Format {MOV} detected only with low score of 1\n{MOV} moov atom not found"), "not_a_video"),
        (failed("[hls @ 0x5621] Format not on whitelist 'mov,matroska'"), "not_a_video"),
        (failed(f"{MOV} moov atom not found\nfile:/x/source: Invalid data found"), "malformed_video"),
        (failed("", -9, EndReason.WALL_CLOCK), "malformed_video"),
        (failed("[magicyuv @ 0x1] Codec (magicyuv) not on whitelist 'h264,aac'"), "unsupported_codec"),
        (failed(f"{MOV} Number of streams exceeds max_streams parameter (64), see the doc"), "too_many_streams"),
        (failed("Picture size 8200x5000 exceeds specified max pixel count 35389440", exit_code=0), "too_large_picture"),
    ],
)
def test_a_refused_probe_says_why(outcome: Outcome, code: str) -> None:
    """Clients act on the code."""
    with pytest.raises(MediaRejected) as raised:
        check_probed(outcome)
    assert raised.value.code == code
