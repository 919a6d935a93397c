"""Settings of imports from YouTube."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from domain.model.imports.youtube import ImportLimits
from entrypoints.config.addresses import is_address, is_loopback
from entrypoints.config.values import PREFIX, ConcernSettings, Positive, Secret, SettingsError, variable

TEST_SITE_VARIABLE = PREFIX + "TEST_YOUTUBE_URL"

_PROXY_SCHEMES = frozenset({"http", "https", "socks4", "socks4a", "socks5", "socks5h"})


class ImportSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """Imports from YouTube with yt-dlp."""

    youtube_import: Annotated[
        bool,
        Meta(description="Allow imports from YouTube; needs the extra `youtube`, see docs/deploy.md."),
    ] = False
    youtube_max_bytes: Annotated[
        Positive,
        Meta(
            description="Maximum size of an import in bytes, at most `TELECINE_MAX_UPLOAD_BYTES`. A worker needs twice "
            "as much disk space for each import."
        ),
    ] = 5 * 1024**3
    youtube_cookies_file: Annotated[
        Path | None, Meta(description="Path of a Netscape-format cookie file for yt-dlp. Unset: no cookies.")
    ] = None
    youtube_proxy_url: Annotated[
        Secret | None,
        Meta(
            description="Proxy for imports: `http://`, `https://` or `socks5://user:password@host:port`. "
            "Unset: no proxy."
        ),
    ] = None

    def limits(self, *, max_upload_bytes: int, max_video_s: float) -> ImportLimits:
        """Return the limits of an import, which may not be larger than an upload."""
        return ImportLimits(max_video_s, min(self.youtube_max_bytes, max_upload_bytes))

    def problems(self) -> list[str]:
        proxy = "" if self.youtube_proxy_url is None else self.youtube_proxy_url.reveal()
        # yt-dlp reads the URL from a configuration file, where a quote or a newline would begin another option.
        if not proxy or (is_address(proxy, _PROXY_SCHEMES) and proxy.isprintable() and not set(proxy) & set(" \"'\\")):
            return []
        return ["TELECINE_YOUTUBE_PROXY_URL: scheme://user:password@host:port is required"]


def site_url_for_tests(environment: Mapping[str, str]) -> str | None:
    """Return the URL of a video page, with the placeholder `{id}`, on a site that a test runs instead of YouTube.

    It is not a setting. It accepts only loopback addresses, so that it cannot send workers to another network.

    Raises:
        SettingsError: it is not an http URL of a loopback address.
    """
    url = environment.get(TEST_SITE_VARIABLE)
    if not url:
        return None
    if not is_address(url, frozenset({"http"})) or not is_loopback(urlsplit(url).hostname or ""):
        raise SettingsError([f"{TEST_SITE_VARIABLE}: only for tests, and only an http URL of a loopback address"])
    return url
