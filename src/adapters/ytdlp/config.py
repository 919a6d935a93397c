"""Settings of yt-dlp."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_WEB_PORTS = (80, 443)
_NAMES_PORT = 53
_PROXY_PORTS = {"http": 80, "https": 443}
_SOCKS_PORT = 1080


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

    @property
    def ports(self) -> tuple[int, ...]:
        """The TCP ports to which yt-dlp may connect: the proxy's if there is one, those of the web, and DNS."""
        site = urlsplit(self.watch_url).port
        proxy = None if self.proxy_url is None else urlsplit(self.proxy_url)
        through = [] if proxy is None else [proxy.port or _PROXY_PORTS.get(proxy.scheme, _SOCKS_PORT)]
        return tuple(sorted({*_WEB_PORTS, _NAMES_PORT, *through, *([] if site is None else [site])}))
