"""Stylesheets with the ones that they import, so that a screen needs one request for its styles."""

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath

_IMPORT = re.compile(rb'^@import "(\.{1,2}/[^"]+)";\n', re.MULTILINE)


def with_imports(path: str, contents: Mapping[str, bytes]) -> bytes:
    """The stylesheet at a path; each import by a relative path is replaced by that file, with its own imports.

    Raises:
        KeyError: an imported file does not exist.
    """

    def imported(found: re.Match[bytes]) -> bytes:
        return with_imports(normpath(join(dirname(path), found[1].decode())), contents)

    return _IMPORT.sub(imported, contents[path])
