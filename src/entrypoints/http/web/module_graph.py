"""Which modules of the page import which."""

import re
from collections.abc import Iterable, Mapping
from posixpath import dirname, join, normpath

# A static import begins a line. Types that JSDoc imports are in comments, and `import(…)` loads a module later.
_IMPORT = re.compile(rb'^(?:import|export)\b(?:[^"\'();=]*\bfrom)?\s*"(\.{1,2}/[^"]+)"', re.MULTILINE)

_IMPORT_LATER = re.compile(rb'(?:await|=>) import\("(\.{1,2}/[^"]+)"\)(?!\.)')  # with a dot it is a type


def in_order(entry: str, contents: Mapping[str, bytes], known: Iterable[str] = ()) -> list[str]:
    """The entry and all that it imports, without the known modules; each comes after those that it imports.

    Raises:
        ValueError: modules import each other.
        KeyError: an imported module does not exist.
    """
    done, found = set(known), list[str]()

    def visit(path: str, above: tuple[str, ...]) -> None:
        if path in above:
            raise ValueError(f"Modules import each other: {', '.join(above)}")
        if path in done:
            return
        for imported in _imports(path, contents[path]):
            visit(imported, (*above, path))
        done.add(path)
        found.append(path)

    visit(entry, ())
    return found


def imports_later(path: str, contents: Mapping[str, bytes]) -> list[str]:
    """The modules that a module imports when it needs them."""
    return _resolved(path, _IMPORT_LATER.findall(contents[path]))


def _imports(path: str, script: bytes) -> list[str]:
    return _resolved(path, _IMPORT.findall(script))


def _resolved(path: str, specifiers: Iterable[bytes]) -> list[str]:
    return [normpath(join(dirname(path), each.decode())) for each in specifiers]
