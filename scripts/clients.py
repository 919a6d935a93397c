"""Generates the clients from docs/openapi.json; with `--check`, prints the differences instead, and fails if any.

Only the generated folders are compared: `rest` of the Python package, and `src/rest` of the TypeScript package.
`--check` also checks the types of the TypeScript package; mypy checks those of the Python package.
"""

import argparse
import difflib
import filecmp
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from node_tools import NodeError, install_packages, node

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/openapi.json"
PYTHON = ROOT / "clients/python"
TYPESCRIPT = ROOT / "clients/typescript"

JSON_OR_FORM = ("application/json", "multipart/form-data", "application/x-www-form-urlencoded")
OPENAPI_TS = "node_modules/.bin/openapi-ts"
BINARY = "application/octet-stream"


class GeneratorError(Exception):
    """A generator failed, or warned about the document; the text is its output."""


def main() -> int:
    """Write the generated folders; with `--check`, change nothing and return 1 if one is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a client is out of date")
    parser.add_argument("--only", choices=["python", "typescript"], help="one client instead of all")
    options = parser.parse_args()
    finish = _is_fresh if options.check else _replace
    try:
        outcomes = [
            _generated(make, target, finish)
            for name, (make, target) in GENERATORS.items()
            if options.only in {None, name}
        ]
        if options.check and options.only != "python":
            _check_types()
    except (GeneratorError, NodeError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if all(outcomes) else 1


def generate_python(folder: Path) -> None:
    """Generate the Python operations and models into this folder, which does not exist yet.

    Raises:
        GeneratorError: the generator failed or warned.
    """
    document = folder.with_suffix(".json")
    document.write_text(json.dumps(with_binary_bodies(json.loads(DOCUMENT.read_bytes()))), encoding="utf-8")
    _run(
        *("openapi-python-client", "generate", "--path", str(document), "--config", str(PYTHON / "generator.json")),
        *("--custom-template-path", str(PYTHON / "templates"), "--meta", "none"),
        *("--output-path", str(folder), "--fail-on-warning"),
        cwd=folder.parent,
    )
    document.unlink()


def generate_typescript(folder: Path) -> None:
    """Generate the TypeScript operations and types into this folder.

    Raises:
        GeneratorError: the generator warned.
        NodeError: it failed.
    """
    install_packages(TYPESCRIPT)
    output = node(OPENAPI_TS, "--input", str(DOCUMENT), "--output", str(folder), cwd=TYPESCRIPT)
    if "warn" in output.lower():
        raise GeneratorError(output)


def _check_types() -> None:
    """Check the types of the TypeScript client and of its example.

    Raises:
        NodeError: there are errors.
    """
    node("node_modules/.bin/tsc", cwd=TYPESCRIPT)


def with_binary_bodies(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one media type for each body that is neither JSON nor a form.

    The Python generator supports only `application/octet-stream` for them. The server accepts that type wherever it
    accepts several.
    """
    for path in document["paths"].values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {})
            if content and not any(name in JSON_OR_FORM for name in content):
                operation["requestBody"]["content"] = {BINARY: {"schema": {"type": "string", "format": "binary"}}}
    return document


GENERATORS: dict[str, tuple[Callable[[Path], None], Path]] = {
    "python": (generate_python, PYTHON / "src/telecine_client/rest"),
    "typescript": (generate_typescript, TYPESCRIPT / "src/rest"),
}


def _generated(make: Callable[[Path], None], target: Path, finish: Callable[[Path, Path], bool]) -> bool:
    with TemporaryDirectory() as parent:
        folder = Path(parent) / target.name
        make(folder)
        return finish(folder, target)


def _replace(folder: Path, target: Path) -> bool:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("__pycache__", ".ruff_cache"))
    return True


def _is_fresh(folder: Path, target: Path) -> bool:
    """Whether the folder on disk is up to date; prints the difference of every file."""
    names = sorted(_files(folder) | _files(target))
    _, changed, missing = filecmp.cmpfiles(target, folder, names, shallow=False)
    for name in sorted([*changed, *missing]):
        present, generated = _lines(target / name), _lines(folder / name)
        path = (target / name).relative_to(ROOT)
        sys.stdout.writelines(difflib.unified_diff(present, generated, str(path), f"{path} (generated)"))
    return not (changed or missing)


def _files(folder: Path) -> set[str]:
    ignored = {"__pycache__", ".ruff_cache"}
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in found if not ignored & set(path.parts)}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []


def _run(*command: str, cwd: Path) -> str:
    """Run a program of this environment; return what it printed."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    ended = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ended.returncode:
        message = f"{' '.join(command)} failed:\n{ended.stdout}"
        raise GeneratorError(message)
    return ended.stdout


if __name__ == "__main__":
    sys.exit(main())
