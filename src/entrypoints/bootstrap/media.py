"""Makes the adapters that run ffmpeg and yt-dlp."""

from collections.abc import Mapping
from dataclasses import replace

import structlog

from adapters.ffmpeg.known_versions import known_version, version_of
from adapters.ffmpeg.self_test import verified_build
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.sandbox.limits import Sandbox
from adapters.ytdlp.config import YtDlpConfig
from adapters.ytdlp.importer import YtDlpImporter
from adapters.ytdlp.installation import installed_version, is_fresh
from domain.ports.video_importer import VideoImporter
from entrypoints.bootstrap.roles import Role
from entrypoints.config.compression import CompressionSettings
from entrypoints.config.imports import ImportSettings, site_url_for_tests
from entrypoints.config.sandbox import SandboxSettings
from entrypoints.config.values import SettingsError

_logger = structlog.get_logger("telecine.bootstrap")


def check_youtube_extra(imports: ImportSettings) -> None:
    """Check that a recent yt-dlp is installed, if imports are allowed.

    Raises:
        SettingsError: it is not installed, or too old.
    """
    if imports.youtube_import and not is_fresh(installed_version()):
        raise SettingsError(["TELECINE_YOUTUBE_IMPORT=true needs the extra `telecine[youtube]`; install or upgrade it"])


async def open_transcoder(
    compression: CompressionSettings, sandbox: SandboxSettings, *, role: Role
) -> FFmpegTranscoder:
    """Make the transcoder; a worker also tests its ffmpeg first, and logs its version and what it lacks.

    Raises:
        Unavailable: ffmpeg is not installed, or lacks what every video needs.
        SettingsError: the sandbox must be complete, and this host lacks a layer of it.
    """
    transcoder = FFmpegTranscoder(threads=compression.ffmpeg_threads)
    if role is Role.WORKER:
        _judge_sandbox((await transcoder.check()).missing, sandbox)
        await _log_version()
        build = await verified_build(transcoder, compression.profile)
        if build.optional:
            _logger.warning("ffmpeg_build_incomplete", missing=build.optional)
    return transcoder


def _judge_sandbox(missing: list[str], settings: SandboxSettings) -> None:
    if missing and settings.sandbox == "require":
        raise SettingsError([f"TELECINE_SANDBOX=require: this host lacks {', '.join(missing)}; see docs/deploy.md"])
    if missing:
        _logger.warning("ffmpeg_sandbox_incomplete", missing=missing)


async def _log_version() -> None:
    version = known_version(await version_of("ffmpeg"))
    log = _logger.warning if version.support.is_doubtful else _logger.info
    log("ffmpeg_version", version=version.name, support=version.support.value, defects=list(version.defects))


def make_importer(
    imports: ImportSettings, *, role: Role, environment: Mapping[str, str], sandbox: Sandbox | None
) -> VideoImporter:
    """Make the importer; a worker, which alone runs imports, also checks that its cookie file exists.

    Its sandbox is the one that was judged for ffmpeg.

    Raises:
        SettingsError: the cookie file does not exist, or the site of a test is not on this machine.
    """
    cookies = imports.youtube_cookies_file
    if imports.youtube_import and role is Role.WORKER and cookies is not None and not cookies.is_file():
        raise SettingsError([f"TELECINE_YOUTUBE_COOKIES_FILE: there is no file {cookies}"])
    return YtDlpImporter(ytdlp_config(imports, environment=environment), sandbox)


def ytdlp_config(imports: ImportSettings, *, environment: Mapping[str, str]) -> YtDlpConfig:
    """Return the configuration of yt-dlp, for YouTube or for the site that a test runs instead of it.

    Raises:
        SettingsError: that site is not on this machine.
    """
    proxy, site = imports.youtube_proxy_url, site_url_for_tests(environment)
    config = YtDlpConfig(
        cookies_file=imports.youtube_cookies_file, proxy_url=proxy.reveal() if proxy is not None else None
    )
    return config if site is None else replace(config, extractors="generic", watch_url=site)
