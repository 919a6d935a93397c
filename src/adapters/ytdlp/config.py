"""Settings of yt-dlp."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class YtDlpConfig:
    """Settings of an installation; only tests change `extractors` and `watch_url`.

    The proxy's URL may contain a password, and the cookies are a login session: neither appears on a command line.
    """

    cookies_file: Path | None = None
    proxy_url: str | None = field(default=None, repr=False)
    ffmpeg: str = "ffmpeg"
    extractors: str = "youtube"
    watch_url: str = "https://www.youtube.com/watch?v={id}"
    wall_s: float = 4 * 3600.0
    stall_s: float = 120.0
