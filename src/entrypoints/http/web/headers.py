"""The security headers of the web page."""

from collections.abc import Sequence

_ALLOWED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_OF_SIGNED_URLS = frozenset({"img-src", "media-src", "connect-src"})

_NOSNIFF = {"X-Content-Type-Options": "nosniff"}


def page_headers(origins: Sequence[str]) -> dict[str, str]:
    """The headers of the page, which may load pictures and media from these origins, and send files to them."""
    return {
        **_NOSNIFF,
        "Content-Security-Policy": content_security_policy(origins),
        "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
        "Referrer-Policy": "no-referrer",
    }


def file_headers() -> dict[str, str]:
    """The headers of the page's files, none of which is a document of its own."""
    return {**_NOSNIFF, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


def module_headers() -> dict[str, str]:
    """The headers of the upload module, which pages of any origin may import."""
    return {**_NOSNIFF, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def content_security_policy(origins: Sequence[str]) -> str:
    """The policy: scripts and styles are files of this server, never inline; requests go to it and to these origins."""
    added = "".join(f" {origin}" for origin in origins)
    return "; ".join(
        f"{directive} {sources}{added if directive in _OF_SIGNED_URLS else ''}"
        for directive, sources in _ALLOWED.items()
    )
