"""Which texts are addresses that a setting can take."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_web_address(url: str) -> bool:
    """An http(s) URL with a host, to which a path can be added: there is neither query nor fragment."""
    return is_address(url, frozenset({"http", "https"})) and _is_clean(url) and "?" not in url


def is_key_set_address(url: str) -> bool:
    """An https URL, or http where nobody is on the way: whoever can change the keys can be any user."""
    is_near = is_address(url, frozenset({"http"})) and is_loopback(urlsplit(url).hostname or "")
    return (is_near or is_address(url, frozenset({"https"}))) and _is_clean(url) and "@" not in url


def is_address(url: str, schemes: frozenset[str]) -> bool:
    """Whether it is a URL of such a scheme with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_clean(url: str) -> bool:
    """The parser itself drops line ends and tabs without a word."""
    return url.isprintable() and not set(url) & set(" #\\")
