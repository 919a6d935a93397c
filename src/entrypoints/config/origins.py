"""Parses the origins of web pages (CORS, in the Fetch standard)."""

import re

_ORIGIN = re.compile(
    r"(?!https://.*:443$|http://.*:80$)https?://"
    r"(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?"
)


def origins(text: str) -> frozenset[str]:
    """Parse a comma-separated list of origins, each written exactly as browsers send it.

    Raises:
        ValueError: one of them is not an origin (such as `*`), or browsers write it differently.
    """
    found = [part.strip() for part in text.split(",")]
    for origin in found:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"{origin!r} is not an origin as browsers send it: https://host or https://host:port, in lower case, "
                "without a default port, a path or a trailing slash; `*` is not accepted"
            )
    return frozenset(found)
