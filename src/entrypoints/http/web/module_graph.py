"""Which modules of the page import which."""

import re
from collections.abc import Iterable, Mapping
from posixpath import dirname, join, normpath

# A static import begins a line. Types that JSDoc imports are in comments, and `import(…)` loads a module later.
_IMPORT = re.compile(rb'^(?:import|export)\b(?:[^"\'();=]*\bfrom)?\s*"(\.{1,2}/[^"]+)"', re.MULTILINE)


def modules_of(path: str, contents: Mapping[str, bytes], known: Iterable[str] = ()) -> list[str]:
    """The module at a path and all that it imports, nearest first, without the known ones.

    Raises:
        KeyError: an imported module does not exist.
    """
    seen, found, level = set(known), list[str](), [path]
    while level:
        new = [each for each in dict.fromkeys(level) if each not in seen]
        seen.update(new)
        found += new
        level = [imported for each in new for imported in _imports(each, contents[each])]
    return found


def _imports(path: str, script: bytes) -> list[str]:
    return [normpath(join(dirname(path), found.decode())) for found in _IMPORT.findall(script)]
