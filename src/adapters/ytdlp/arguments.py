"""The command line of yt-dlp, and the prefixes of the lines that it prints for us."""

import sys
from pathlib import Path

from adapters.ytdlp.config import YtDlpConfig
from domain.model.imports.youtube import ImportLimits

FETCHED = "source.mp4"
OPTIONS_FILE = "yt-dlp.conf"
COOKIES_FILE = "cookies.txt"

# Each is the prefix of a line that we parse in yt-dlp's output.
ABOUT = "telecine-about"
STREAMS = "telecine-streams"
PROGRESS = "telecine-progress"
DONE = "telecine-done"

SOCKET_TIMEOUT_S = 15
RETRIES = 3

_PROGRESS_FIELDS = "%(progress.downloaded_bytes)s %(progress.total_bytes)s %(progress.total_bytes_estimate)s"

# No configuration of the host or the user, no commands, no updates, no cache.
_ISOLATION = [
    "--ignore-config",
    "--no-plugin-dirs",
    "--no-cache-dir",
    "--no-update",
    "--no-exec",
    "--no-cookies-from-browser",
]
_ONE_VIDEO = ["--no-playlist", "--playlist-items", "1", "--max-downloads", "1"]
# Prefer H.264 and AAC, which are copied into an MP4 that plays everywhere, and at most 1080p.
_FORMAT = [
    "--format=bv*+ba/b",
    "--format-sort=vcodec:h264,lang,quality,res:1080,fps,hdr:12,acodec:aac",
    "--merge-output-format=mp4",
    "--remux-video=mp4",
]
_OUTPUT = [
    "--no-quiet",
    "--no-simulate",
    "--no-warnings",
    "--color=never",
    "--newline",
    "--progress",
    "--progress-delta=0.5",
    f"--progress-template=download:{PROGRESS} {_PROGRESS_FIELDS} %(info.format_id)s",
    f"--print=pre_process:{ABOUT} %(.{{duration,live_status,is_live}})j",
    f"--print=before_dl:{STREAMS} %(requested_formats.:.{{format_id,filesize,filesize_approx}})j",
    f"--print=after_move:{DONE} %(.{{title}})j",
]


def fetching(config: YtDlpConfig, youtube_id: str, folder: Path, limits: ImportLimits, ffmpeg: str) -> list[str]:
    """The command that downloads one video into the folder; only the id in its URL comes from the client."""
    return [
        # No bytecode: the file size limit could truncate it, and Python would load the broken file later.
        *(sys.executable, "-I", "-B", "-m", "yt_dlp"),
        *_ISOLATION,
        *_secret_options(config, folder),
        f"--use-extractors={config.extractors}",
        *_ONE_VIDEO,
        f"--match-filters={_filters(limits)}",
        f"--max-filesize={limits.max_size_bytes}",
        f"--socket-timeout={SOCKET_TIMEOUT_S}",
        f"--retries={RETRIES}",
        f"--fragment-retries={RETRIES}",
        # Without this option yt-dlp skips missing fragments, and the video has gaps.
        "--abort-on-unavailable-fragments",
        *_FORMAT,
        f"--ffmpeg-location={ffmpeg}",
        "--no-mtime",
        "--restrict-filenames",
        f"--paths={folder}",
        "--output=source.%(ext)s",
        *_OUTPUT,
        "--",
        config.watch_url.replace("{id}", youtube_id),
    ]


def options(config: YtDlpConfig) -> str | None:
    """The content of the options file, which only this user can read; None if no file is needed."""
    return None if config.proxy_url is None else f'--proxy "{config.proxy_url}"\n'


def environment(folder: Path) -> list[str]:
    """Variables that put its home, caches and temporary files into the folder, which is removed afterwards."""
    return [f"{name}={folder}" for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")]


def _filters(limits: ImportLimits) -> str:
    """A video that lacks these properties is accepted (`?`): it is checked again after the download."""
    return f"!is_live & live_status!=?is_upcoming & live_status!=?post_live & duration<=?{round(limits.max_duration_s)}"


def _secret_options(config: YtDlpConfig, folder: Path) -> list[str]:
    located = [] if config.proxy_url is None else [f"--config-locations={folder / OPTIONS_FILE}"]
    return located if config.cookies_file is None else [*located, f"--cookies={folder / COOKIES_FILE}"]
