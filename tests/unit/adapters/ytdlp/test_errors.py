"""What the messages of yt-dlp and YouTube mean for a client."""

import signal
from importlib.util import find_spec
from pathlib import Path

import pytest

from adapters.sandbox.process import EndReason, Outcome
from adapters.ytdlp.errors import BLOCKED_RETRY_S, failure, last_error
from adapters.ytdlp.output import Report
from domain.model.errors import Rejected, TelecineError, Unavailable
from domain.model.imports.youtube import ImportLimits

LIMITS = ImportLimits(max_duration_s=60.0, max_size_bytes=1000)
ID = "dQw4w9WgXcQ"
HINT = (
    "Use --cookies-from-browser or --cookies for the authentication. See  "
    "https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to manually pass cookies"
)
REMOVED = "Video unavailable. This video has been removed by the uploader"


def _ignore(_percent: float) -> None:
    """Ignore progress."""


def after(
    error: str,
    *,
    exit_code: int = 1,
    ended_by: EndReason = EndReason.ITSELF,
    report: Report | None = None,
    folder: Path,
) -> TelecineError:
    """The failure of a run with this output."""
    tail = f"WARNING: something else\nERROR: {error}\n" if error else ""
    return failure(Outcome(exit_code, ended_by, tail), report or Report(_ignore), LIMITS, folder)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import_blocked", f"Sign in to confirm you\u2019re not a bot. {HINT}"),
        ("import_blocked", f"Sign in to confirm you're not a bot. {HINT}"),
        ("import_blocked", "Video unavailable. YouTube is requiring a captcha challenge before playback"),
        ("import_blocked", "All player responses are invalid. Your IP is likely being blocked by Youtube"),
        ("import_blocked", "Unable to download API page: HTTP Error 403: Forbidden (caused by <HTTPError 403: …>)"),
        ("import_blocked", "unable to download video data: HTTP Error 403: Forbidden"),
        ("import_blocked", f"Login details are needed to download this content. {HINT}"),
        ("import_blocked", "The uploader has not made this video available in your country"),
        ("import_blocked", "Video unavailable. This video contains content from X, who has blocked it in your country"),
        ("import_blocked", "This video is not available from your location due to geo restriction"),
        ("private", f"Private video. Sign in if you've been granted access to this video. {HINT}"),
        ("private", "Video unavailable. This video is private"),
        ("private", f"Sign in to confirm your age. This video may be inappropriate for some users. {HINT}"),
        ("private", "This video is age-restricted and only available on YouTube. Learn more"),
        ("private", "Join this channel to get access to members-only content like this video"),
        ("private", "This video is available to this channel's members on level: Gold (or any higher level)."),
        ("private", "Video unavailable. This video is only available to Music Premium members"),
        ("private", "This video requires payment to watch."),
        ("live", "This live event will begin in 3 days."),
        ("live", "Premieres in 5 hours"),
        ("live", "Premiere will begin shortly"),
        ("live", "This live stream recording is not available."),
        ("live", "Offline."),
        ("not_found", "Video unavailable"),
        ("not_found", REMOVED),
        ("not_found", "This video has been removed for violating YouTube's Terms of Service"),
        ("not_found", "Video unavailable. This video is no longer available because the YouTube account associated "),
        ("not_found", "This video is not available"),
        ("not_found", "Video unavailable. This video isn't available anymore"),
        ("not_found", "Unable to download webpage: HTTP Error 404: Not Found (caused by <HTTPError 404: Not Found>)"),
        ("file_too_large", "unable to write data: [Errno 27] File too large"),
        ("import_failed", "This video is DRM protected"),
        ("import_failed", "Requested format is not available. Use --list-formats for a list of available formats"),
        ("import_failed", "Failed to extract any player response"),
    ],
)
def test_permanent_failures_are_not_retried(tmp_path: Path, code: str, message: str) -> None:
    """The code says what a client can do; the message is ours."""
    error = after(f"[youtube] {ID}: {message}", folder=tmp_path)
    assert isinstance(error, Rejected)
    assert error.code == code


@pytest.mark.parametrize(
    ("code", "after_s", "message"),
    [
        ("import_blocked", BLOCKED_RETRY_S, "Unable to download webpage: HTTP Error 429: Too Many Requests"),
        (
            "import_blocked",
            BLOCKED_RETRY_S,
            "This content isn't available, try again later. The current session has been rate-limited by YouTube",
        ),
        ("import_failed", None, "Unable to download API page: HTTP Error 503: Service Unavailable"),
        ("import_failed", None, "unable to download video data: HTTP Error 404: Not Found"),
        ("import_failed", None, "fragment 3 not found, unable to continue"),
        ("import_failed", None, "content too short (expected 1000 bytes and served 10)"),
        (
            "import_failed",
            None,
            "Unable to download webpage: The read operation timed out (caused by TransportError())",
        ),
        (
            "import_failed",
            None,
            "Unable to download API page: HTTPSConnection(host='www.youtube.com', port=443): Failed to resolve 'www",
        ),
        ("disk_full", None, "unable to write data: [Errno 28] No space left on device"),
    ],
)
def test_transient_failures_are_retried(tmp_path: Path, code: str, after_s: float | None, message: str) -> None:
    """The network, errors of the site, and, after a long time, too many requests."""
    error = after(f"[youtube] {ID}: {message}", folder=tmp_path)
    assert isinstance(error, Unavailable)
    assert (error.code, error.retryable, error.retry_after_s) == (code, True, after_s)


def test_the_messages_of_yt_dlp_are_in_this_version() -> None:
    """A new version may have changed its messages."""
    installed = find_spec("yt_dlp")
    assert installed is not None
    package = Path(str(installed.origin)).parent
    sources = "".join(
        (package / name).read_text(encoding="utf-8")
        for name in (
            "extractor/common.py",
            "extractor/youtube/_video.py",
            "extractor/youtube/_base.py",
            "networking/exceptions.py",
            "downloader/http.py",
            "downloader/fragment.py",
            "YoutubeDL.py",
        )
    )
    for words in (
        "requiring a captcha challenge",
        "IP is likely being blocked",
        "Login details are needed",
        "rate-limited by YouTube",
        "due to geo restriction",
        "not made this video available in your country",
        "only available for registered users",
        "HTTP Error {response.status}",
        "larger than max-filesize",
        "unable to download video data",
        "not found, unable to continue",
        "content too short",
        "DRM protected",
    ):
        assert words in sources


def test_unknown_messages_are_shown_without_addresses_and_paths(tmp_path: Path) -> None:
    """One short line, without signed URLs."""
    message = (
        f"[youtube] {ID}: Odd at https://x.example/v?sig=abc in /srv/job-1/f\x1b (caused by Error('secret'))\nmore"
    )
    error = after(message, folder=tmp_path)
    assert (error.code, error.detail) == ("import_failed", "Odd at an address in the file")
    assert after("x" * 500, folder=tmp_path).detail == "x" * 200


def test_a_run_without_output_has_no_reason(tmp_path: Path) -> None:
    """The client is informed of that."""
    assert after("", folder=tmp_path).detail == "yt-dlp fetched no video and gave no reason."


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ('{"live_status": "is_upcoming", "duration": 9999}', "live"),
        ('{"duration": 60.1}', "too_long"),
        ('{"duration": 60.0}', "not_found"),
    ],
)
def test_properties_of_the_video_precede_messages(tmp_path: Path, about: str, code: str) -> None:
    """A filter skips the video without an error."""
    report = Report(_ignore)
    report(f"telecine-about {about}")
    assert after(REMOVED, report=report, folder=tmp_path).code == code


def test_a_file_at_the_limit_was_too_large(tmp_path: Path) -> None:
    """The process that joins the streams is killed at the limit, and yt-dlp reports only a failure."""
    (tmp_path / "source.temp.mp4").write_bytes(bytes(LIMITS.max_size_bytes))
    assert after("Postprocessing: Conversion failed!", folder=tmp_path).code == "file_too_large"


def test_a_stall_is_retryable_and_a_timeout_is_not(tmp_path: Path) -> None:
    """The network causes the one, the video the other."""
    stalled = after("", ended_by=EndReason.STALL, folder=tmp_path)
    endless = after("", ended_by=EndReason.WALL_CLOCK, folder=tmp_path)
    assert (stalled.code, isinstance(stalled, Unavailable)) == ("import_failed", True)
    assert (endless.code, isinstance(endless, Rejected)) == ("import_failed", True)


def test_a_folder_that_outgrows_the_limit_is_too_large(tmp_path: Path) -> None:
    """The run was ended because of it."""
    assert after("", ended_by=EndReason.OUTPUT, folder=tmp_path).code == "file_too_large"


def test_a_run_that_was_killed_from_outside_is_tried_again(tmp_path: Path) -> None:
    """The operating system may have been short of memory."""
    assert isinstance(after("", exit_code=-signal.SIGKILL, folder=tmp_path), Unavailable)


@pytest.mark.parametrize(("exit_code", "message"), [(127, ""), (121, ""), (1, "env: failed to execute")])
def test_a_missing_tool_is_not_retried(tmp_path: Path, exit_code: int, message: str) -> None:
    """The installation is incomplete."""
    outcome = Outcome(exit_code, EndReason.ITSELF, message)
    error = failure(outcome, Report(_ignore), LIMITS, tmp_path)
    assert isinstance(error, Unavailable)
    assert (error.code, error.retryable) == ("tool_missing", False)


def test_the_last_error_is_the_reason() -> None:
    """Earlier errors are ignored."""
    assert last_error("ERROR: first\nERROR: second\n") == "second"
    assert last_error("No module named yt_dlp\n") == "No module named yt_dlp"
