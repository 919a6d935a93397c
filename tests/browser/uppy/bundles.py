"""Bundles of the examples with the real packages of each version of Uppy, as a page loads them."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.services.missing import missing

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
ADAPTER = ROOT / "src" / "entrypoints" / "http" / "web" / "static" / "telecine-uppy.js"
EXAMPLES = ROOT / "docs" / "examples" / "uppy"
PAGE = '<!doctype html><meta charset="utf-8"><title>Uppy</title><input type="file"><script src="page.js"></script>'


@dataclass(frozen=True, slots=True)
class Version:
    """A major version of Uppy, and the example that is for it."""

    name: str
    example: str


VERSIONS = (
    Version("v4", "uppy-4-and-5.js"),
    Version("v5", "uppy-4-and-5.js"),
    Version("v6", "uppy-6.js"),
)


def bundle(version: Version, folder: Path) -> None:
    """Put the page and its only script, with everything that it imports, into the folder."""
    packages = _installed(version)
    sources = folder / "sources"
    sources.mkdir(parents=True)
    shutil.copy(HERE / "page.js", sources)
    shutil.copy(ADAPTER, sources)
    shutil.copy(EXAMPLES / version.example, sources / "example.js")
    (sources / "node_modules").symlink_to(packages / "node_modules")
    esbuild = packages / "node_modules" / ".bin" / "esbuild"
    _run([esbuild, "page.js", "--bundle", "--log-level=warning", f"--outfile={folder / 'page.js'}"], sources)
    (folder / "index.html").write_text(PAGE)


def _installed(version: Version) -> Path:
    """The folder with the packages that the lock file pins; it is kept for later runs."""
    lock = HERE / version.name / "package-lock.json"
    folder = ROOT / ".tools" / "uppy" / f"{version.name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if not (folder / "node_modules" / ".bin" / "esbuild").exists():
        npm = shutil.which("npm")
        if npm is None:
            missing("npm", "Install the system's package npm.")
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / version.name / name, folder)
        _run([Path(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], folder)
    return folder


def _run(command: list[Path | str], folder: Path) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
