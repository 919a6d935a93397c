"""The files of the page: their versions, variants and entity tags."""

import gzip
from pathlib import Path

from entrypoints.cli.commands.demo import SAMPLE
from entrypoints.http.web.static_files import INDEX, StaticFiles, entity_tag, load_static_files, static_files

SCRIPT = b"export const answer = 42;\n" * 40


def folder(root: Path, script: bytes = SCRIPT) -> StaticFiles:
    """A page of a few files."""
    (root / "lib").mkdir(parents=True, exist_ok=True)
    (root / INDEX).write_bytes(b'<script type="module" src="/static/app.js"></script><a href="/static-notes">')
    (root / "app.js").write_bytes(script)
    (root / "lib" / "icon.png").write_bytes(b"\x89PNG" * 100)
    (root / ".hidden").write_bytes(b"secret")
    return load_static_files(root)


def test_the_index_links_to_the_version_of_the_files(tmp_path: Path) -> None:
    """Only links to files are changed."""
    files = folder(tmp_path)
    index = files.by_path[INDEX].content.decode()
    assert f'src="/static/{files.version}/app.js"' in index
    assert 'href="/static-notes"' in index


def test_a_change_of_a_file_changes_the_version(tmp_path: Path) -> None:
    """So a browser that keeps files for a year loads the new ones."""
    first, same = folder(tmp_path), folder(tmp_path)
    assert first.version == same.version
    assert folder(tmp_path, SCRIPT + b"\n").version != first.version


def test_files_are_found_with_and_without_the_version(tmp_path: Path) -> None:
    """Hidden files, folders and other versions are not found."""
    files = folder(tmp_path)
    assert files.find(f"{files.version}/lib/icon.png") == (files.by_path["lib/icon.png"], True)
    assert files.find("app.js") == (files.by_path["app.js"], False)
    for path in ("", "lib", "lib/", ".hidden", "../app.js", "0123456789abcdef/app.js", f"{files.version}/"):
        assert files.find(path)[0] is None


def test_only_text_is_compressed(tmp_path: Path) -> None:
    """The variants have different entity tags, because their bytes differ."""
    files = folder(tmp_path)
    script, icon = files.by_path["app.js"], files.by_path["lib/icon.png"]
    packed, is_compressed = script.variant(accepts_gzip=True)
    assert is_compressed
    assert gzip.decompress(packed) == SCRIPT
    assert script.variant(accepts_gzip=False) == (SCRIPT, False)
    assert icon.variant(accepts_gzip=True) == (icon.content, False)
    assert entity_tag(packed) != entity_tag(SCRIPT)


def test_the_sample_of_the_demo_is_among_the_files() -> None:
    """An empty library offers it."""
    sample, is_versioned = static_files().find("sample.mp4")
    assert sample is not None
    assert sample.content == SAMPLE.read_bytes()
    assert not is_versioned
