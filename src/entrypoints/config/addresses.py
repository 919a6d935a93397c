"""Checks of the URLs that settings accept."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_web_address(url: str) -> bool:
    """Whether it is an http(s) URL with a host, no query and no fragment, so that a path can be appended."""
    return is_address(url, frozenset({"http", "https"})) and _is_clean(url) and "?" not in url


def is_key_set_address(url: str) -> bool:
    """Whether it is an https URL, or an http URL of a loopback address.

    An attacker who can change the keys in transit can impersonate any user, so http is refused over a network.
    """
    is_local_http = is_address(url, frozenset({"http"})) and is_loopback(urlsplit(url).hostname or "")
    return (is_local_http or is_address(url, frozenset({"https"}))) and _is_clean(url) and "@" not in url


def is_address(url: str, schemes: frozenset[str]) -> bool:
    """Whether it is a URL with a host and one of these schemes."""
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether the host is a loopback address or `localhost`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_clean(url: str) -> bool:
    """Check the text itself, because `urlsplit` silently drops newlines and tabs."""
    return url.isprintable() and not set(url) & set(" #\\")
