"""The `Content-Disposition` of a download."""

from urllib.parse import quote

# RFC 8187: characters of an extended value that need no percent-encoding; `quote` adds letters, digits and `_.-~`.
_ATTRIBUTE_CHARACTERS = "!#$&+^`|"
# A quoted string may contain these only escaped, and some clients decode percent signs in it.
_SPECIAL = frozenset('"\\%')


def attachment(filename: str) -> str:
    """The header (RFC 6266) that makes a browser save the response under this name, of any characters.

    Clients that do not know `filename*` get a name in which every other character than printable ASCII is `_`.
    """
    plain = "".join(each if " " <= each <= "~" and each not in _SPECIAL else "_" for each in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe=_ATTRIBUTE_CHARACTERS)}"
