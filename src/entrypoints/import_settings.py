"""What the settings say of imports."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from domain.model.youtube import ImportLimits
from entrypoints.addresses import is_address, is_loopback
from entrypoints.settings import PREFIX, Settings, SettingsError, variable

TEST_SITE_VARIABLE = PREFIX + "TEST_YOUTUBE_URL"

_PROXY_SCHEMES = frozenset({"http", "https", "socks4", "socks4a", "socks5", "socks5h"})


def import_limits(settings: Settings) -> ImportLimits:
    """What may be fetched: no more than may be uploaded, either."""
    return ImportLimits(settings.max_video_seconds, min(settings.youtube_max_bytes, settings.max_upload_bytes))


def import_contradictions(settings: Settings) -> list[str]:
    """What is wrong about the proxy; it may hold a password, so it is not repeated."""
    proxy = "" if settings.youtube_proxy_url is None else settings.youtube_proxy_url.reveal()
    if not proxy or (is_address(proxy, _PROXY_SCHEMES) and proxy.isprintable() and not set(proxy) & set(" \"'\\")):
        return []
    return [f"{variable('youtube_proxy_url')}: scheme://user:password@host:port is needed"]


def site_of_tests(environment: Mapping[str, str]) -> str | None:
    """The page of a video on a site that a test runs in YouTube's place, with `{id}` in it; None: YouTube's own.

    It is no setting: nothing but this machine can be named by it, so nobody's workers can be sent elsewhere.

    Raises:
        SettingsError: it is not on this machine.
    """
    url = environment.get(TEST_SITE_VARIABLE)
    if not url:
        return None
    if not is_address(url, frozenset({"http"})) or not is_loopback(urlsplit(url).hostname or ""):
        raise SettingsError([f"{TEST_SITE_VARIABLE}: only for tests, and only for http on this machine"])
    return url
