"""Translates failed downloads into domain errors, by the messages of yt-dlp and YouTube."""

import re
import signal
from dataclasses import dataclass
from pathlib import Path

from adapters.sandbox.confine import FAILED
from adapters.sandbox.folder_usage import usage_of
from adapters.sandbox.process import EndReason, Outcome
from adapters.sandbox.redaction import redacted
from adapters.ytdlp.output import Report
from domain.model.errors import Rejected, TelecineError, Unavailable
from domain.model.failure import FailureCode
from domain.model.imports.youtube import ImportLimits

MAX_REASON_LENGTH = 200
BLOCKED_RETRY_S = 30 * 60.0

_CANNOT_START = {FAILED, 126, 127}  # Exit codes of the launcher and of env when the program cannot be run.
_SANDBOX_LINE = re.compile(r"^(?:confine|env): ", re.MULTILINE)
_MESSAGE_PREFIX = re.compile(r"^(?:\[[^\]]*\] *)?(?:[A-Za-z0-9_-]{11}: )?")
_CAUSE = re.compile(r" \(caused by .*")


@dataclass(frozen=True, slots=True)
class KnownError:
    """The meaning of a message; with `retry`, another attempt may succeed, after `after_s` seconds if set."""

    pattern: re.Pattern[str]
    code: str
    message: str
    retry: bool = False
    after_s: float | None = None

    @property
    def error(self) -> TelecineError:
        """The domain error, with its own message because YouTube's text may contain anything."""
        if self.retry:
            return Unavailable(self.message, code=self.code, retry_after_s=self.after_s)
        return Rejected(self.message, code=self.code)


def _phrases(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, phrases)))


# The first match counts: "Video unavailable" begins many messages that give a more exact reason. Most messages are
# YouTube's, in English because yt-dlp requests that; the others are yt-dlp's, as of 2026.10.
KNOWN_ERRORS = (
    KnownError(
        _phrases("no space left on device", "disk quota exceeded"), "disk_full", "The disk is full.", retry=True
    ),
    KnownError(
        _phrases("[errno 27]", "larger than max-filesize"),
        FailureCode.FILE_TOO_LARGE.value,
        "The video is larger than the limit.",
    ),
    KnownError(
        # The formats were found, but their URLs, which are valid for a limited time, no longer work.
        re.compile("unable to download video data: http error 404|fragment [0-9]+ not found"),
        FailureCode.IMPORT_FAILED.value,
        "YouTube stopped sending the video.",
        retry=True,
    ),
    KnownError(
        _phrases("http error 429", "rate-limited by youtube", "try again later"),
        FailureCode.IMPORT_BLOCKED.value,
        "YouTube reports too many requests from this server.",
        retry=True,
        after_s=BLOCKED_RETRY_S,
    ),
    KnownError(
        _phrases(
            "not a bot", "captcha challenge", "ip is likely being blocked", "http error 403", "login details are needed"
        ),
        FailureCode.IMPORT_BLOCKED.value,
        "YouTube refused this server (bot check, sign-in or blocked address).",
    ),
    KnownError(
        _phrases("in your country", "geo restriction", "from your location"),
        FailureCode.IMPORT_BLOCKED.value,
        "The video is not available in the country of this server.",
    ),
    KnownError(
        _phrases("confirm your age", "age-restricted", "inappropriate for some users"),
        FailureCode.PRIVATE.value,
        "The video is age-restricted.",
    ),
    KnownError(
        _phrases("members-only", "channel's members", "join this channel", "premium members", "requires payment"),
        FailureCode.PRIVATE.value,
        "The video is for members or paying viewers only.",
    ),
    KnownError(
        _phrases("private video", "video is private", "granted access", "only available for registered users"),
        FailureCode.PRIVATE.value,
        "The video is private.",
    ),
    KnownError(
        _phrases("live event", "premieres in", "premiere will begin", "live stream", "offline", "waiting room"),
        FailureCode.LIVE.value,
        "The video is a live stream or premiere without a recording yet.",
    ),
    KnownError(
        _phrases(
            "video unavailable",
            "video is unavailable",
            "video is not available",
            "video isn't available",
            "has been removed",
            "no longer available",
            "has been terminated",
            "does not exist",
            "http error 404",
            "http error 410",
        ),
        FailureCode.NOT_FOUND.value,
        "The video does not exist, or is no longer available.",
    ),
    KnownError(_phrases("drm protected"), FailureCode.IMPORT_FAILED.value, "The video is protected against copying."),
    KnownError(
        re.compile(
            "http error 5|transporterror|timed out|timeout|failed to resolve|connection (?:refused|reset|aborted)|"
            "remote end closed|incompleteread|content too short|did not get any data blocks|ssl|proxyerror"
        ),
        FailureCode.IMPORT_FAILED.value,
        "YouTube could not be reached, or the connection failed.",
        retry=True,
    ),
)


def failure(outcome: Outcome, report: Report, limits: ImportLimits, folder: Path) -> TelecineError:
    """The reason why there is no video, as an error."""
    if outcome.ended_by is EndReason.STALL:
        return Unavailable("The download made no more progress.", code=FailureCode.IMPORT_FAILED.value)
    if outcome.ended_by is EndReason.WALL_CLOCK:
        return Rejected("The download took too long.", code=FailureCode.IMPORT_FAILED.value)
    if report.is_live:
        return Rejected("The video is a live stream or premiere without a recording yet.", code=FailureCode.LIVE.value)
    if report.duration_s > limits.max_duration_s:
        return Rejected(f"The video is longer than {limits.max_duration_s:.0f} s.", code=FailureCode.TOO_LONG.value)
    is_full = outcome.ended_by is EndReason.OUTPUT or _is_full(folder, limits.max_size_bytes)
    if report.is_too_large or is_full:
        return Rejected("The video is larger than the limit.", code=FailureCode.FILE_TOO_LARGE.value)
    return _of_outcome(outcome)


def _is_full(folder: Path, max_size_bytes: int) -> bool:
    """Whether a file has reached the limit, above which writes fail; this may be why yt-dlp or ffmpeg failed."""
    return usage_of(folder).largest_bytes >= max_size_bytes


def _of_outcome(outcome: Outcome) -> TelecineError:
    if outcome.exit_code == -signal.SIGKILL:
        return Unavailable("The operating system killed yt-dlp.", code=FailureCode.IMPORT_FAILED.value)
    if outcome.exit_code in _CANNOT_START or _SANDBOX_LINE.search(outcome.error_tail):
        return Unavailable("yt-dlp cannot be run on this host.", code="tool_missing", retryable=False)
    reported = last_error(outcome.error_tail)
    plain = reported.casefold().replace("\u2019", "'")
    known = next((each for each in KNOWN_ERRORS if each.pattern.search(plain)), None)
    if known is not None:
        return known.error
    return Rejected(_reason(reported), code=FailureCode.IMPORT_FAILED.value)


def last_error(error_tail: str) -> str:
    """The text after the last `ERROR: `; the whole text if there is none."""
    return error_tail.rpartition("ERROR: ")[2].strip()


def _reason(text: str) -> str:
    """One printable line of an unknown message."""
    line = text.partition("\n")[0]
    shown = redacted(_CAUSE.sub("", _MESSAGE_PREFIX.sub("", line)))[:MAX_REASON_LENGTH]
    return shown or "yt-dlp fetched no video and gave no reason."
