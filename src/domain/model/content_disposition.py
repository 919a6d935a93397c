"""The `Content-Disposition` header of a download."""

import re
from urllib.parse import quote

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()\[\]-]")


def attachment(filename: str) -> str:
    """A download under this name, by RFC 6266: the exact name in UTF-8, and a plain one for old clients.

    Whatever the name holds (quotes, line breaks, other scripts), the header is one line of plain ASCII.
    """
    plain = _NOT_PLAIN.sub("_", filename)
    exact = quote(filename, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
