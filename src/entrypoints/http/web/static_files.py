"""The files of the web page, read once, with a compressed variant and an entity tag of each."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

INDEX = "index.html"
_STATIC = files("entrypoints.http.web") / "static"
_SAMPLE = files("entrypoints") / "cli" / "sample.mp4"

_OTHER_TYPE = "application/octet-stream"
_MEDIA_TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "ts": "application/typescript",
    "vtt": "text/vtt",
    "mp4": "video/mp4",
}
# The other types are compressed already.
_COMPRESSED = frozenset({"html", "js", "css", "json", "webmanifest", "svg", "ts", "vtt"})


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file. `compressed` is its gzip variant, if that is smaller; each variant has an entity tag of its own."""

    content: bytes
    media_type: str
    compressed: bytes | None

    def variant(self, *, accepts_gzip: bool) -> tuple[bytes, bool]:
        """The bytes to send, and whether they are compressed."""
        if accepts_gzip and self.compressed is not None:
            return self.compressed, True
        return self.content, False


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All files by their path below `static`; `version` changes with any of them."""

    version: str
    by_path: Mapping[str, StaticFile]

    def find(self, path: str) -> tuple[StaticFile | None, bool]:
        """The file at a path, and whether the path begins with the version, so that the file never changes there."""
        version, _, rest = path.partition("/")
        if version == self.version:
            return self.by_path.get(rest), True
        return self.by_path.get(path), False


@cache
def static_files() -> StaticFiles:
    """The files of this release, and the sample of `telecine demo`, which an empty library offers."""
    found = load_static_files(_STATIC)
    return replace(found, by_path={**found.by_path, _SAMPLE.name: _static_file(_SAMPLE.name, _SAMPLE.read_bytes())})


def load_static_files(folder: Traversable) -> StaticFiles:
    """Read the files of a folder. Links to `/static/` in its index get the version, so that browsers may keep files."""
    contents = dict(sorted(_contents(folder)))
    digest = sha256()
    for path, content in contents.items():
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    version = digest.hexdigest()[:16]
    if INDEX in contents:
        contents[INDEX] = contents[INDEX].replace(b'"/static/', f'"/static/{version}/'.encode())
    return StaticFiles(version, {path: _static_file(path, content) for path, content in contents.items()})


def entity_tag(content: bytes) -> str:
    """The strong entity tag of these bytes."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def _contents(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        path = f"{prefix}{entry.name}"
        found += _contents(entry, f"{path}/") if entry.is_dir() else [(path, entry.read_bytes())]
    return found


def _static_file(path: str, content: bytes) -> StaticFile:
    extension = path.rpartition(".")[2]
    # Without a time, the variant and its entity tag are the same in every process.
    compressed = gzip.compress(content, mtime=0) if extension in _COMPRESSED else content
    return StaticFile(
        content,
        _MEDIA_TYPES.get(extension, _OTHER_TYPE),
        compressed if len(compressed) < len(content) else None,
    )
