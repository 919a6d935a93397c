"""The VideoImporter port, with the yt-dlp program."""

import asyncio
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import structlog

from adapters.sandbox.folder_usage import FolderUsage, usage_of
from adapters.sandbox.limits import Access, Allowance, Sandbox
from adapters.sandbox.process import Outcome, RunLimits
from adapters.sandbox.redaction import redact_for_log
from adapters.ytdlp import arguments
from adapters.ytdlp.config import YtDlpConfig
from adapters.ytdlp.errors import failure
from adapters.ytdlp.installation import installed_version
from adapters.ytdlp.output import Report
from domain.model.errors import Rejected, TelecineError, Unavailable
from domain.model.failure import FailureCode
from domain.model.imports.youtube import ImportLimits
from domain.ports.progress import OnProgress
from domain.ports.video_importer import FetchedVideo, VideoImporter

# YouTube's scripts run in Deno, which reserves 32 GiB of address space at its start but uses little of it.
_ADDRESSES_BYTES = 64 * 1024**3
_OTHER_FILES_BYTES = 64 * 1024**2

_logger = structlog.get_logger("telecine.ytdlp")


class YtDlpImporter(VideoImporter):
    """Runs yt-dlp, each call in its own process and folder, with the network but not this process's environment."""

    def __init__(self, config: YtDlpConfig, sandbox: Sandbox | None = None) -> None:
        self._config = config
        self._sandbox = sandbox

    async def fetch(
        self, youtube_id: str, folder: Path, *, limits: ImportLimits, on_progress: OnProgress
    ) -> FetchedVideo:
        report = Report(on_progress)
        argv = self._argv(youtube_id, folder, limits)
        await asyncio.to_thread(self._write_secrets, folder)
        outcome = await self._run(argv, folder, limits, report)
        path = folder / arguments.FETCHED
        size_bytes = await asyncio.to_thread(_size_of, path) if report.is_done else 0
        if not size_bytes:
            raise self._failure(outcome, await asyncio.to_thread(failure, outcome, report, limits, folder))
        if size_bytes > limits.max_size_bytes:
            raise Rejected("The video is larger than the limit.", code=FailureCode.FILE_TOO_LARGE.value)
        on_progress(100.0)
        return FetchedVideo(path, size_bytes, report.title)

    def _argv(self, youtube_id: str, folder: Path, limits: ImportLimits) -> list[str]:
        ffmpeg, env = shutil.which(self._config.ffmpeg), shutil.which("env")
        if installed_version() is None or ffmpeg is None or env is None:
            raise Unavailable("yt-dlp or ffmpeg is not installed.", code="tool_missing", retryable=False)
        fetching = arguments.fetching(self._config, youtube_id, folder, limits, ffmpeg)
        return [env, *arguments.environment(folder), *fetching]

    def _write_secrets(self, folder: Path) -> None:
        """Write the options and a copy of the cookies, which yt-dlp changes, into the job's private folder."""
        try:
            if (options := arguments.options(self._config)) is not None:
                _write_private(folder / arguments.OPTIONS_FILE, options.encode())
            if self._config.cookies_file is not None:
                _write_private(folder / arguments.COOKIES_FILE, self._config.cookies_file.read_bytes())
        except OSError as error:
            raise Unavailable(
                f"The cookies or options of yt-dlp cannot be copied: {error.strerror}.", code="cookies_unreadable"
            ) from error

    async def _run(self, argv: list[str], folder: Path, limits: ImportLimits, report: Report) -> Outcome:
        if self._sandbox is None:
            self._sandbox = await Sandbox.detect()
        config = self._config
        allowance = Allowance(config.wall_s, limits.max_size_bytes, threads=1, memory_bytes=_ADDRESSES_BYTES)
        run_limits = RunLimits(
            config.wall_s,
            config.stall_s,
            _progress_marker(report, folder),
            lambda: _is_too_large(usage_of(folder), limits.max_size_bytes),
        )
        # Where they are installed outside the system's folders.
        programs = tuple(found for name in (config.ffmpeg, "deno") if (found := shutil.which(name)) is not None)
        access = Access(folder=folder, network=True, ports=config.ports, programs=programs)
        try:
            return await self._sandbox.run(argv, allowance, access, folder=folder, limits=run_limits, on_output=report)
        except OSError as error:
            raise Unavailable(f"yt-dlp could not be started: {error.strerror}.", code="tool_missing") from error

    def _failure(self, outcome: Outcome, error: TelecineError) -> TelecineError:
        """Log all lines of the run for the operator; the error gives the client only one."""
        _logger.warning(
            "ytdlp_failed",
            code=error.code,
            exit_code=outcome.exit_code,
            ended_by=outcome.ended_by.value,
            stderr=redact_for_log(outcome.error_tail),
        )
        return error


def _is_too_large(usage: FolderUsage, max_size_bytes: int) -> bool:
    """The streams and the file into which they are joined may be there at the same time."""
    return not usage.is_countable or usage.total_bytes > 2 * max_size_bytes + _OTHER_FILES_BYTES


def _size_of(path: Path) -> int:
    """The size of a regular file with one name; 0 for a link, a pipe or nothing."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 else 0


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def _progress_marker(report: Report, folder: Path) -> Callable[[], tuple[float, int]]:
    """Changes with the reported progress or the size of the files: merging video and audio reports no progress."""

    def marker() -> tuple[float, int]:
        return report.downloaded_bytes, usage_of(folder).total_bytes

    return marker
