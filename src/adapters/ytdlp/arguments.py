"""The command line of yt-dlp: what it is told, and what it tells us on its way."""

import sys
from pathlib import Path

from adapters.ytdlp.config import YtDlpConfig
from domain.model.youtube import ImportLimits

FETCHED = "source.mp4"
OPTIONS_FILE = "yt-dlp.conf"
COOKIES_FILE = "cookies.txt"

# Each begins a line of its own among all that yt-dlp says.
ABOUT = "telecine-about"
STREAMS = "telecine-streams"
PROGRESS = "telecine-progress"
DONE = "telecine-done"

SOCKET_TIMEOUT_S = 15
RETRIES = 3

_PROGRESS_FIELDS = "%(progress.downloaded_bytes)s %(progress.total_bytes)s %(progress.total_bytes_estimate)s"

# Nothing of the host's or the user's own configuration, and nothing that runs, updates or remembers.
_ALONE = [
    "--ignore-config",
    "--no-plugin-dirs",
    "--no-cache-dir",
    "--no-update",
    "--no-exec",
    "--no-cookies-from-browser",
]
_ONE_VIDEO = ["--no-playlist", "--playlist-items", "1", "--max-downloads", "1"]
# H.264 and AAC where there are any, as they are copied into an MP4 that plays everywhere; at most 1080p, if there is.
_FORMAT = [
    "--format=bv*+ba/b",
    "--format-sort=vcodec:h264,lang,quality,res:1080,fps,hdr:12,acodec:aac",
    "--merge-output-format=mp4",
    "--remux-video=mp4",
]
_TOLD = [
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
    """Fetch one video into the folder; the URL is ours, of what a client has sent only the id is in it."""
    return [
        # It must not write bytecode: what the limit of file sizes cuts off there, Python takes for whole ever after.
        *(sys.executable, "-I", "-B", "-m", "yt_dlp"),
        *_ALONE,
        *_secret_options(config, folder),
        f"--use-extractors={config.extractors}",
        *_ONE_VIDEO,
        f"--match-filters={_filters(limits)}",
        f"--max-filesize={limits.max_size_bytes}",
        f"--socket-timeout={SOCKET_TIMEOUT_S}",
        f"--retries={RETRIES}",
        f"--fragment-retries={RETRIES}",
        # Else it would leave them out, and the video had holes.
        "--abort-on-unavailable-fragments",
        *_FORMAT,
        f"--ffmpeg-location={ffmpeg}",
        "--no-mtime",
        "--restrict-filenames",
        f"--paths={folder}",
        "--output=source.%(ext)s",
        *_TOLD,
        "--",
        config.watch_url.replace("{id}", youtube_id),
    ]


def options(config: YtDlpConfig) -> str | None:
    """What is said in a file that only we can read; None: nothing is."""
    return None if config.proxy_url is None else f'--proxy "{config.proxy_url}"\n'


def environment(folder: Path) -> list[str]:
    """What it shall take for its home and its scratch space, so that it leaves nothing elsewhere."""
    return [f"{name}={folder}" for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")]


def _filters(limits: ImportLimits) -> str:
    """What says nothing of itself passes: the video is looked at again when it is here."""
    return f"!is_live & live_status!=?is_upcoming & live_status!=?post_live & duration<=?{round(limits.max_duration_s)}"


def _secret_options(config: YtDlpConfig, folder: Path) -> list[str]:
    located = [] if config.proxy_url is None else [f"--config-locations={folder / OPTIONS_FILE}"]
    return located if config.cookies_file is None else [*located, f"--cookies={folder / COOKIES_FILE}"]
