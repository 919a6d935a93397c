"""How yt-dlp is run."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class YtDlpConfig:
    """What an installation may say; where videos come from is for tests alone to change.

    The proxy's URL may hold a password, and the cookies are somebody's session: neither is ever on a command line.
    """

    cookies_file: Path | None = None
    proxy_url: str | None = field(default=None, repr=False)
    ffmpeg: str = "ffmpeg"
    extractors: str = "youtube"
    watch_url: str = "https://www.youtube.com/watch?v={id}"
    wall_s: float = 4 * 3600.0
    stall_s: float = 120.0
