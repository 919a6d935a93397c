"""Translates failed runs of ffmpeg and ffprobe into domain errors, whose texts contain no local paths."""

import re
import signal

from adapters.ffmpeg.allowed_formats import FORMATS
from adapters.sandbox.confine import FAILED
from adapters.sandbox.process import EndReason, Outcome
from adapters.sandbox.redaction import redacted
from domain.model.errors import CompressionFailed, MediaRejected, Unavailable
from domain.model.failure import FailureCode

MAX_REASON_LENGTH = 200

_CANNOT_START = {FAILED, 126, 127}  # Exit codes of the launcher and of shells when the program cannot be run.
_SANDBOX_LINE = re.compile(r"^confine: ", re.MULTILINE)
_COMPONENT = re.compile(r"^(?:\[[^\]]*\] *)+")
_LEADING_PATH = re.compile(r"^(?:file:)?/[^\s:'\"]+: ")
# A message of a demuxer means that its container was recognised; "low score" is a guess, for example by the filename.
_DEMUXER_LINE = re.compile(rf"^\[(?:{'|'.join(FORMATS)})\b", re.MULTILINE)
_GUESS = "detected only with low score"
_UNSUPPORTED = re.compile(r"Codec \((\w+)\) not on whitelist")
_WARNING = "[warning] "
_FRAME_TOO_LARGE = "exceeds specified max pixel count"
_TOO_MANY_STREAMS = "exceeds max_streams"


def check_ran(outcome: Outcome) -> None:
    """Check that the tool itself could run, whatever its result.

    Raises:
        Unavailable: `tool_missing`, `disk_full`, `file_missing`, or the operating system killed the tool.
    """
    if outcome.ended_by is not EndReason.ITSELF or outcome.exit_code == 0:
        return
    if "No space left on device" in outcome.error_tail:
        raise Unavailable("The disk is full.", code="disk_full")
    if "No such file or directory" in outcome.error_tail:
        raise Unavailable("The local file is missing.", code="file_missing")
    if outcome.exit_code == -signal.SIGKILL:
        raise Unavailable("The operating system killed ffmpeg.")
    if outcome.exit_code in _CANNOT_START or _SANDBOX_LINE.search(outcome.error_tail):
        raise Unavailable(f"ffmpeg cannot be run on this host: {reason(outcome)}", code="tool_missing", retryable=False)


def check_worked(outcome: Outcome) -> None:
    """Check that the tool succeeded.

    Raises:
        CompressionFailed: the tool failed, stalled or exceeded its time limit.
    """
    if not outcome.is_success:
        raise CompressionFailed(reason(outcome))


def check_probed(outcome: Outcome) -> None:
    """Check that the probe found a container that can be read.

    Raises:
        MediaRejected: `not_a_video`, `malformed_video`, `unsupported_codec`, `too_large_picture` or `too_many_streams`.
    """
    if _FRAME_TOO_LARGE in outcome.error_tail:
        # ffprobe may still exit with 0, and with some codecs it then reports no size for the media policy to check.
        raise MediaRejected("The picture is larger than 8K.", code=FailureCode.TOO_LARGE_PICTURE.value)
    if outcome.is_success:
        return
    if _TOO_MANY_STREAMS in outcome.error_tail:
        raise MediaRejected("The file has far too many streams.", code=FailureCode.TOO_MANY_STREAMS.value)
    if codec := _UNSUPPORTED.search(outcome.error_tail):
        message = f"A stream is encoded as {codec[1]}, which is not supported."
        raise MediaRejected(message, code=FailureCode.UNSUPPORTED_CODEC.value)
    recognised = _DEMUXER_LINE.search(outcome.error_tail) and _GUESS not in outcome.error_tail
    if recognised or outcome.ended_by is not EndReason.ITSELF:
        raise MediaRejected(f"The file cannot be read: {reason(outcome)}", code=FailureCode.MALFORMED_VIDEO.value)
    raise MediaRejected("This is neither video nor audio in a supported container.", code=FailureCode.NOT_A_VIDEO.value)


class RefusedDecoders:
    """Reads a log line by line; `names` are the decoders that were refused because they are not on the list."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()

    def __call__(self, line: str) -> None:
        """Read one line, and ignore it if it is about anything else."""
        self.names |= frozenset(_UNSUPPORTED.findall(line))


def reason(outcome: Outcome) -> str:
    """The last error of the tool, as one printable line without URLs and paths."""
    if outcome.ended_by is EndReason.WALL_CLOCK:
        return "The time limit was exceeded."
    if outcome.ended_by is EndReason.STALL:
        return "There was no more progress."
    lines = [line for raw in outcome.error_tail.splitlines() if _WARNING not in raw and (line := _plain(raw))]
    if lines:
        return lines[-1]
    return f"ffmpeg ended with code {outcome.exit_code}."


def _plain(line: str) -> str:
    return redacted(_LEADING_PATH.sub("", _COMPONENT.sub("", line.strip())))[:MAX_REASON_LENGTH]
