"""What a program has written into its folder while it runs, and the removal of that folder.

Names, links, depth and modes in the folder are the program's choice, so nothing here follows a link or recurses.
"""

import os
import secrets
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_MAX_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class FolderUsage:
    """The regular files of a folder; `is_countable` is false if there are too many entries, or one cannot be read."""

    total_bytes: int
    largest_bytes: int
    is_countable: bool


def usage_of(folder: Path) -> FolderUsage:
    """Add up the files in a folder and in the folders below it."""
    sizes: list[int] = []
    try:
        for count, entry in enumerate(_entries(folder)):
            with suppress(FileNotFoundError):  # It was removed after it was listed.
                status = entry.stat(follow_symlinks=False)
                sizes.append(status.st_size if stat.S_ISREG(status.st_mode) else 0)
            if count == _MAX_ENTRIES:
                return FolderUsage(sum(sizes), max(sizes), is_countable=False)
    except OSError:
        return FolderUsage(sum(sizes), max(sizes, default=0), is_countable=False)
    return FolderUsage(sum(sizes), max(sizes, default=0), is_countable=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder with everything in it, whatever its depth and the modes of its folders.

    Each folder is moved to the top before it is emptied, so no path becomes longer than the kernel allows.

    Raises:
        OSError: something could not be removed.
    """
    folder.chmod(stat.S_IRWXU)
    found = deque([folder])
    while found:
        current = found.popleft()
        with os.scandir(current) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    found.append(_moved_to_top(Path(entry.path), folder))
                else:
                    Path(entry.path).unlink()
        if current != folder:
            current.rmdir()
    folder.rmdir()


def _moved_to_top(path: Path, folder: Path) -> Path:
    """Only the owner of a folder who may write it can move it."""
    path.chmod(stat.S_IRWXU)
    return path if path.parent == folder else path.rename(folder / f"removed-{secrets.token_hex(8)}")


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    found = deque([os.fspath(folder)])
    while found:
        try:
            entries = os.scandir(found.popleft())
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    found.append(entry.path)
