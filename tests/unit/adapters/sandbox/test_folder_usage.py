"""A folder that its program made hard to count and to remove."""

import os
import stat
from pathlib import Path

import pytest

from adapters.sandbox import folder_usage
from adapters.sandbox.folder_usage import FolderUsage, remove_folder, usage_of
from tests.services.ordinary_user import as_nobody


def test_files_are_added_up_and_links_are_not(tmp_path: Path) -> None:
    """A link could name a file of any size, and a pipe would never end."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "video").write_bytes(bytes(300))
    (tmp_path / "audio").write_bytes(bytes(50))
    (tmp_path / "link").symlink_to("/bin/sh")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert usage_of(tmp_path) == FolderUsage(350, 300, is_countable=True)
    assert usage_of(tmp_path / "absent") == FolderUsage(0, 0, is_countable=True)


def test_too_many_entries_are_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting them every second would occupy the worker."""
    monkeypatch.setattr(folder_usage, "_MAX_ENTRIES", 3)
    for number in range(5):
        (tmp_path / str(number)).touch()
    assert not usage_of(tmp_path).is_countable


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    """What replaced the folder cannot be counted."""
    (tmp_path / "file").touch()
    assert not usage_of(tmp_path / "file").is_countable


def deep(folder: Path, levels: int) -> None:
    """Make a chain of folders whose path is longer than the kernel accepts."""
    current = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d" * 100, dir_fd=current)
        below = os.open("d" * 100, os.O_RDONLY, dir_fd=current)
        os.close(current)
        current = below
    os.close(current)


def test_depth_is_no_obstacle(tmp_path: Path) -> None:
    """Neither the longest path nor the recursion limit of Python."""
    folder = tmp_path / "job"
    folder.mkdir()
    deep(folder, 1500)
    assert not usage_of(folder).is_countable
    remove_folder(folder)
    assert not folder.exists()


def remove_closed(base: Path) -> None:
    """Remove folders of mode 000 beside every other kind of file."""
    folder = base / "job"
    (folder / "closed" / "inner").mkdir(parents=True)
    (folder / "closed" / "inner" / "file").touch()
    (folder / "link").symlink_to(base)
    os.mkfifo(folder / "pipe")
    (base / "kept").mkdir()
    (base / "kept").chmod(0o755)
    (folder / "out").symlink_to(base / "kept")
    for path in (folder / "closed" / "inner", folder / "closed", folder):
        path.chmod(0)
    remove_folder(folder)
    assert not folder.exists()
    assert stat.S_IMODE((base / "kept").stat().st_mode) == 0o755


def test_modes_are_no_obstacle_to_an_ordinary_user() -> None:
    """Root would pass them anyway."""
    as_nobody(remove_closed)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """The caller knows whether it may be missing."""
    with pytest.raises(FileNotFoundError):
        remove_folder(tmp_path / "absent")
