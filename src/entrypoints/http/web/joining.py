"""Modules of the page joined to one script, so that a screen needs a few requests instead of one for each module.

Each module becomes a function that is called once; its exports are in a table, by the number of the file. The files in
the repository stay what they are: modules that a browser could load one by one.
"""

import re
from collections.abc import Iterable, Mapping
from posixpath import dirname, join, normpath, relpath

from entrypoints.http.web.module_graph import in_order

_IMPORT = re.compile(r'^import ([^"\';]+) from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (default )?(?=(?:(?:async )?function\*?|class|const) (\w+))", re.MULTILINE)
_EXPORT_LIST = re.compile(r'^export \{([^}]*)\}(?: from "(\.{1,2}/[^"]+)")?;\n', re.MULTILINE)
_OTHER = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)
_LATER = re.compile(r'\bimport\((["`])(\.{1,2}/[^"`$]*)')
_NAMES = re.compile(r"(\w+)(?: as (\w+))?")


def joined(entry: str, contents: Mapping[str, bytes], table: str, known: Iterable[str] = ()) -> bytes:
    """The script of an entry: its modules in the order in which they run, without those that are loaded before it.

    `table` is the entry that is loaded first; it exports the table. The script has the exports of the entry.

    Raises:
        ValueError: a module imports or exports in a way that is not known here, or modules import each other.
        KeyError: an imported module does not exist.
    """
    here = dirname(entry)
    first = "export const $m = {};" if entry == table else f'import {{ $m }} from "{_path(table, here)}";'
    numbers = {path: number for number, path in enumerate(contents)}
    paths = in_order(entry, contents, known)
    modules = {path: _Module(path, contents[path].decode(), here, numbers) for path in paths}
    return "\n".join([first, *(each.text for each in modules.values()), *modules[entry].exported]).encode()


class _Module:
    """A module as a function; `exports` are its exported names and their expressions."""

    def __init__(self, path: str, script: str, here: str, numbers: Mapping[str, int]) -> None:
        self._path = path
        self._here = here
        self._numbers = numbers
        self._exports: dict[str, str] = {}
        script = _IMPORT.sub(self._imported, script)
        script = _EXPORT.sub(self._declared, script)
        script = _EXPORT_LIST.sub(self._listed, script)
        if other := _OTHER.search(script):
            raise ValueError(f"{path} cannot be joined with other modules: {other[0]}")
        script = _LATER.sub(lambda found: f"import({found[1]}{self._from_here(found[2])}", script)
        script = script.replace("import.meta.url", f'new URL("{_path(path, here)}", import.meta.url)')
        exports = ", ".join(f"{name}: {value}" for name, value in self._exports.items())
        self.text = f"$m[{numbers[path]}] ??= (() => {{\n{script}\nreturn {{ {exports} }};\n}})();"

    @property
    def exported(self) -> list[str]:
        """The exports of the script, if this is its entry."""
        module = f"$m[{self._numbers[self._path]}]"
        return [
            f"export default {module}.default;" if name == "default" else f"export const {name} = {module}.{name};"
            for name in self._exports
        ]

    def _imported(self, found: re.Match[str]) -> str:
        what, module = found[1].strip(), self._table_entry(found[2])
        if what.startswith("{"):
            return f"const {what.replace(' as ', ': ')} = {module};\n"
        if what.startswith("* as "):
            return f"const {what.removeprefix('* as ')} = {module};\n"
        return found[0]

    def _declared(self, found: re.Match[str]) -> str:
        self._exports["default" if found[1] else found[2]] = found[2]
        return ""

    def _listed(self, found: re.Match[str]) -> str:
        module = f"{self._table_entry(found[2])}." if found[2] else ""
        for name, exported in _NAMES.findall(found[1]):
            self._exports[exported or name] = f"{module}{name}"
        return ""

    def _table_entry(self, relative: str) -> str:
        return f"$m[{self._numbers[normpath(join(dirname(self._path), relative))]}]"

    def _from_here(self, relative: str) -> str:
        slash = "/" if relative.endswith("/") else ""
        return _path(normpath(join(dirname(self._path), relative)), self._here) + slash


def _path(path: str, here: str) -> str:
    """The path as a relative specifier, which must begin with a dot."""
    relative = relpath(path, here or ".")
    return relative if relative.startswith(".") else f"./{relative}"
