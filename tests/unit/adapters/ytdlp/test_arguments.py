"""The command line of yt-dlp, argument by argument."""

import sys
from pathlib import Path

from adapters.ytdlp import arguments
from adapters.ytdlp.config import YtDlpConfig
from domain.model.imports.youtube import ImportLimits

FOLDER = Path("/srv/job-1")
LIMITS = ImportLimits(max_duration_s=14_400.0, max_size_bytes=5 * 1024**3)
FFMPEG = "/usr/bin/ffmpeg"

BYTES = "%(progress.downloaded_bytes)s %(progress.total_bytes)s %(progress.total_bytes_estimate)s"
COMMAND_LINE = [
    sys.executable,
    "-I",
    "-B",
    "-m",
    "yt_dlp",
    "--ignore-config",
    "--no-plugin-dirs",
    "--no-cache-dir",
    "--no-update",
    "--no-exec",
    "--no-cookies-from-browser",
    "--use-extractors=youtube",
    "--no-playlist",
    "--playlist-items",
    "1",
    "--max-downloads",
    "1",
    "--match-filters=!is_live & live_status!=?is_upcoming & live_status!=?post_live & duration<=?14400",
    "--max-filesize=5368709120",
    "--socket-timeout=15",
    "--retries=3",
    "--fragment-retries=3",
    "--abort-on-unavailable-fragments",
    "--format=bv*+ba/b",
    "--format-sort=vcodec:h264,lang,quality,res:1080,fps,hdr:12,acodec:aac",
    "--merge-output-format=mp4",
    "--remux-video=mp4",
    "--ffmpeg-location=/usr/bin/ffmpeg",
    "--no-mtime",
    "--restrict-filenames",
    "--paths=/srv/job-1",
    "--output=source.%(ext)s",
    "--no-quiet",
    "--no-simulate",
    "--no-warnings",
    "--color=never",
    "--newline",
    "--progress",
    "--progress-delta=0.5",
    f"--progress-template=download:telecine-progress {BYTES} %(info.format_id)s",
    "--print=pre_process:telecine-about %(.{duration,live_status,is_live})j",
    "--print=before_dl:telecine-streams %(requested_formats.:.{format_id,filesize,filesize_approx})j",
    "--print=after_move:telecine-done %(.{title})j",
    "--",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
]


def fetching(config: YtDlpConfig) -> list[str]:
    """The command line that fetches a video."""
    return arguments.fetching(config, "dQw4w9WgXcQ", FOLDER, LIMITS, FFMPEG)


def test_the_command_line_is_this_one() -> None:
    """One extractor, one video, one fixed URL; no configuration, plug-ins, cache or commands."""
    assert fetching(YtDlpConfig()) == COMMAND_LINE


def test_an_id_that_looks_like_an_option_is_none() -> None:
    """The argument after the dashes is a URL, whatever it begins with."""
    argv = arguments.fetching(YtDlpConfig(), "--exec=reboo", FOLDER, LIMITS, FFMPEG)
    assert argv[-2:] == ["--", "https://www.youtube.com/watch?v=--exec=reboo"]


def test_no_secret_is_on_the_command_line() -> None:
    """Every user of the host can list command lines: proxy and cookies are in files of the job's folder."""
    config = YtDlpConfig(cookies_file=Path("/etc/cookies.txt"), proxy_url="socks5://ann:hunter2@proxy.example:1080")
    command_line = fetching(config)
    assert [each for each in command_line if each not in COMMAND_LINE] == [
        "--config-locations=/srv/job-1/yt-dlp.conf",
        "--cookies=/srv/job-1/cookies.txt",
    ]
    assert arguments.options(config) == '--proxy "socks5://ann:hunter2@proxy.example:1080"\n'
    assert arguments.options(YtDlpConfig()) is None
    assert "hunter2" not in repr(config)


def test_everything_that_is_written_is_in_the_folder() -> None:
    """Home, temporary files and caches are removed with the job's folder."""
    assert arguments.environment(FOLDER) == [
        "HOME=/srv/job-1",
        "TMPDIR=/srv/job-1",
        "XDG_CACHE_HOME=/srv/job-1",
        "XDG_CONFIG_HOME=/srv/job-1",
    ]
