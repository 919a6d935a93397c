"""What it means that yt-dlp brought no video, by the words that it and YouTube use."""

import re
import signal
from dataclasses import dataclass
from pathlib import Path

from adapters.programs.program import EndedBy, Outcome
from adapters.programs.redaction import redacted
from adapters.ytdlp.report import Report
from domain.model.errors import Rejected, TelecineError, Unavailable
from domain.model.failure import FailureCode
from domain.model.youtube import ImportLimits

MAX_REASON_LENGTH = 200
BLOCKED_RETRY_S = 30 * 60.0

_CANNOT_START = {126, 127}  # What setpriv and env answer when the program itself can't be run.
_SANDBOX_LINE = re.compile(r"^(?:prlimit|setpriv|unshare|env): ", re.MULTILINE)
_SPEAKER = re.compile(r"^(?:\[[^\]]*\] *)?(?:[A-Za-z0-9_-]{11}: )?")
_CAUSE = re.compile(r" \(caused by .*")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What such words mean; `retry` says whether another attempt may go better, `after_s` when."""

    words: re.Pattern[str]
    code: str
    message: str
    retry: bool = False
    after_s: float | None = None

    @property
    def error(self) -> TelecineError:
        """The verdict in our words: in YouTube's there may be anything."""
        if self.retry:
            return Unavailable(self.message, code=self.code, retry_after_s=self.after_s)
        return Rejected(self.message, code=self.code)


def _said(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, phrases)))


# The first that fits counts: "Video unavailable" begins many a sentence that says more. Most of the sentences are
# YouTube's own, in English because yt-dlp asks so; the others are yt-dlp's, as of 2026.10.
VERDICTS = (
    Verdict(_said("no space left on device", "disk quota exceeded"), "disk_full", "The disk is full.", retry=True),
    Verdict(
        _said("[errno 27]", "larger than max-filesize"),
        FailureCode.FILE_TOO_LARGE.value,
        "The video is larger than is fetched here.",
    ),
    Verdict(
        # What was found can't be had: its addresses are good for a while only.
        re.compile("unable to download video data: http error 404|fragment [0-9]+ not found"),
        FailureCode.IMPORT_FAILED.value,
        "YouTube broke off.",
        retry=True,
    ),
    Verdict(
        _said("http error 429", "rate-limited by youtube", "try again later"),
        FailureCode.IMPORT_BLOCKED.value,
        "YouTube has had too many requests from this server.",
        retry=True,
        after_s=BLOCKED_RETRY_S,
    ),
    Verdict(
        _said(
            "not a bot", "captcha challenge", "ip is likely being blocked", "http error 403", "login details are needed"
        ),
        FailureCode.IMPORT_BLOCKED.value,
        "YouTube wants to know who asks, and does not give this server the video.",
    ),
    Verdict(
        _said("in your country", "geo restriction", "from your location"),
        FailureCode.IMPORT_BLOCKED.value,
        "YouTube does not give the video to the country of this server.",
    ),
    Verdict(
        _said("confirm your age", "age-restricted", "inappropriate for some users"),
        FailureCode.PRIVATE.value,
        "The video is for viewers whose age YouTube knows.",
    ),
    Verdict(
        _said("members-only", "channel's members", "join this channel", "premium members", "requires payment"),
        FailureCode.PRIVATE.value,
        "The video is for members or for those who have paid.",
    ),
    Verdict(
        _said("private video", "video is private", "granted access", "only available for registered users"),
        FailureCode.PRIVATE.value,
        "The video is private.",
    ),
    Verdict(
        _said("live event", "premieres in", "premiere will begin", "live stream", "offline", "waiting room"),
        FailureCode.LIVE.value,
        "The video is live, or is going to be.",
    ),
    Verdict(
        _said(
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
        "YouTube has no such video.",
    ),
    Verdict(_said("drm protected"), FailureCode.IMPORT_FAILED.value, "The video is protected against copying."),
    Verdict(
        re.compile(
            "http error 5|transporterror|timed out|timeout|failed to resolve|connection (?:refused|reset|aborted)|"
            "remote end closed|incompleteread|content too short|did not get any data blocks|ssl|proxyerror"
        ),
        FailureCode.IMPORT_FAILED.value,
        "YouTube could not be reached, or broke off.",
        retry=True,
    ),
)


def failure(outcome: Outcome, report: Report, limits: ImportLimits, folder: Path) -> TelecineError:
    """Why there is no video."""
    if outcome.ended_by is EndedBy.STALL:
        return Unavailable("It made no progress any more.", code=FailureCode.IMPORT_FAILED.value)
    if outcome.ended_by is EndedBy.WALL_CLOCK:
        return Rejected("It took too long.", code=FailureCode.IMPORT_FAILED.value)
    if report.is_live:
        return Rejected("The video is live, or is going to be.", code=FailureCode.LIVE.value)
    if report.duration_s > limits.max_duration_s:
        return Rejected(f"The video is longer than {limits.max_duration_s:.0f} s.", code=FailureCode.TOO_LONG.value)
    if report.is_too_large or _is_full(folder, limits.max_size_bytes):
        return Rejected("The video is larger than is fetched here.", code=FailureCode.FILE_TOO_LARGE.value)
    return _of_outcome(outcome)


def _is_full(folder: Path, max_size_bytes: int) -> bool:
    """Whether one has grown up to the limit, past which nothing can be written: who tried may have died of it."""
    return any(path.stat().st_size >= max_size_bytes for path in folder.rglob("*") if path.is_file())


def _of_outcome(outcome: Outcome) -> TelecineError:
    if outcome.exit_code == -signal.SIGKILL:
        return Unavailable("The operating system killed yt-dlp.", code=FailureCode.IMPORT_FAILED.value)
    if outcome.exit_code in _CANNOT_START or _SANDBOX_LINE.search(outcome.error_tail):
        return Unavailable("yt-dlp can't be run here.", code="tool_missing", retryable=False)
    said = last_error(outcome.error_tail)
    plain = said.casefold().replace("\u2019", "'")
    verdict = next((verdict for verdict in VERDICTS if verdict.words.search(plain)), None)
    if verdict is not None:
        return verdict.error
    return Rejected(_reason(said), code=FailureCode.IMPORT_FAILED.value)


def last_error(error_tail: str) -> str:
    """What was said as the reason, without the mark before it; all that was said, if nothing was marked."""
    return error_tail.rpartition("ERROR: ")[2].strip()


def _reason(said: str) -> str:
    """One printable line for people, of words that nobody has foreseen."""
    line = said.partition("\n")[0]
    told = redacted(_CAUSE.sub("", _SPEAKER.sub("", line)))[:MAX_REASON_LENGTH]
    return told or "yt-dlp brought no video, and did not say why."
