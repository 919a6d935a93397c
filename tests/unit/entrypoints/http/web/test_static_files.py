"""The files of the page: their versions, variants and entity tags."""

import gzip
from pathlib import Path

from entrypoints.cli.commands.demo import SAMPLE
from entrypoints.http.web.static_files import StaticFile, StaticFiles, load_static_files, static_files

SCRIPT = b"export const answer = 42;\n" * 40
ICON = b"\x89PNG" * 100


def folder(root: Path, script: bytes = SCRIPT) -> StaticFiles:
    """A page of a few files."""
    (root / "lib").mkdir(parents=True, exist_ok=True)
    (root / "index.html").write_bytes(b"<head></head>")
    (root / "app.js").write_bytes(script)
    (root / "app.css").write_bytes(b'@import "./lib/base.css";\n\nbody { margin: 0; }\n')
    (root / "lib" / "base.css").write_bytes(b"/* All elements. */\n* { box-sizing: border-box; }\n")
    (root / "lib" / "icon.png").write_bytes(ICON)
    (root / ".hidden").write_bytes(b"secret")
    return load_static_files(root)


def prepared(files: StaticFiles, path: str) -> StaticFile:
    """A file that exists."""
    file = files.prepare(path)
    assert file is not None
    return file


def test_a_change_of_a_file_changes_the_version(tmp_path: Path) -> None:
    """So a browser that keeps files for a year loads the new ones."""
    first, same = folder(tmp_path), folder(tmp_path)
    assert first.version == same.version
    assert folder(tmp_path, SCRIPT + b"\n").version != first.version


def test_files_are_found_with_and_without_the_version(tmp_path: Path) -> None:
    """Hidden files, folders and other versions are not found."""
    files = folder(tmp_path)
    assert files.resolve(f"{files.version}/lib/icon.png") == ("lib/icon.png", True)
    assert files.resolve("app.js") == ("app.js", False)
    for path in ("", "lib", "lib/", ".hidden", "../app.js", "0123456789abcdef/app.js", f"{files.version}/"):
        assert files.prepare(files.resolve(path)[0]) is None


def test_a_file_is_prepared_once(tmp_path: Path) -> None:
    """The first request does the work."""
    files = folder(tmp_path)
    assert files.ready("app.js") is None
    first = prepared(files, "app.js")
    assert files.ready("app.js") is first
    assert prepared(files, "app.js") is first


def test_scripts_and_styles_are_stripped(tmp_path: Path) -> None:
    """A stylesheet has the text of those that it imports."""
    files = folder(tmp_path)
    assert prepared(files, "app.js").plain.content == b"export const answer=42;" * 40
    assert prepared(files, "app.css").plain.content == b"*{box-sizing:border-box}body{margin:0}"


def test_only_text_is_compressed(tmp_path: Path) -> None:
    """The variants have different entity tags, because their bytes differ."""
    files = folder(tmp_path)
    script, icon = prepared(files, "app.js"), prepared(files, "lib/icon.png")
    packed, is_compressed = script.variant(accepts_gzip=True)
    assert is_compressed
    assert gzip.decompress(packed.content) == script.plain.content
    assert script.variant(accepts_gzip=False) == (script.plain, False)
    assert icon.variant(accepts_gzip=True) == (icon.plain, False)
    assert icon.plain.content == ICON
    assert packed.etag != script.plain.etag


def test_the_sample_of_the_demo_is_among_the_files() -> None:
    """An empty library offers it."""
    assert prepared(static_files(), "sample.mp4").plain.content == SAMPLE.read_bytes()
