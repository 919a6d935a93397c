"""The files of the web page: read once, and prepared when they are first requested."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from entrypoints.http.web.documents import Entries, document, entries_of, script
from entrypoints.http.web.stripping import TOOLS, stripped
from entrypoints.http.web.stylesheets import with_imports

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
class Variant:
    """Bytes to send, with their entity tag."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent. `compressed` is its gzip variant, if that is smaller."""

    media_type: str
    plain: Variant
    compressed: Variant | None

    def variant(self, *, accepts_gzip: bool) -> tuple[Variant, bool]:
        """The variant to send, and whether it is compressed."""
        if accepts_gzip and self.compressed is not None:
            return self.compressed, True
        return self.plain, False


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All files by their path below `static`; `version` changes with any of them."""

    version: str
    contents: Mapping[str, bytes]
    entries: Entries
    _prepared: dict[str, StaticFile] = field(default_factory=dict[str, StaticFile])
    _documents: dict[str, StaticFile] = field(default_factory=dict[str, StaticFile])

    def resolve(self, path: str) -> tuple[str, bool]:
        """The path without the version, and whether it began with it, so that the file never changes there."""
        version, _, rest = path.partition("/")
        return (rest, True) if version == self.version else (path, False)

    def ready(self, path: str) -> StaticFile | None:
        """The file, if it was prepared already."""
        return self._prepared.get(path)

    def prepare(self, path: str) -> StaticFile | None:
        """The file, stripped and compressed; None if there is no such file. It is safe to call from several threads."""
        if path not in self.contents:
            return None
        extension = path.rpartition(".")[2]
        content = self.contents[path]
        if extension == "css":
            content = with_imports(path, self.contents)
        elif extension == "js":
            content = script(path, self.contents, self.entries)
        return self._prepared.setdefault(path, _static_file(extension, stripped(extension, content)))

    def ready_document(self, screen: str) -> StaticFile | None:
        """The document of a screen, if it was prepared already."""
        return self._documents.get(screen)

    def prepare_document(self, screen: str) -> StaticFile:
        """The document of a screen, compressed."""
        content = document(screen, self.contents, self.version)
        return self._documents.setdefault(screen, _static_file("html", content))


@cache
def static_files() -> StaticFiles:
    """The files of this release, and the sample of `telecine demo`, which an empty library offers."""
    return load_static_files(_STATIC, {_SAMPLE.name: _SAMPLE.read_bytes()})


def load_static_files(folder: Traversable, others: Mapping[str, bytes] | None = None) -> StaticFiles:
    """Read the files of a folder, and add others to them."""
    contents = dict(sorted(_contents(folder)))
    digest = sha256(TOOLS.encode())
    for path, content in contents.items():
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return StaticFiles(digest.hexdigest()[:16], {**contents, **(others or {})}, entries_of(contents))


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


def _static_file(extension: str, content: bytes) -> StaticFile:
    # Without a time, the variant and its entity tag are the same in every process.
    packed = gzip.compress(content, mtime=0) if extension in _COMPRESSED else content
    return StaticFile(
        _MEDIA_TYPES.get(extension, _OTHER_TYPE),
        Variant(content, entity_tag(content)),
        Variant(packed, entity_tag(packed)) if len(packed) < len(content) else None,
    )
