"""Where objects lie in the folder, and how files come and go there without ever being half there."""

import os
import re
import shutil
import stat
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.model.errors import ObjectNotFound, Rejected
from domain.model.object_key import ObjectKey, parse_object_key
from domain.ports.object_store import ObjectInfo, StoredObject

# File systems take names of at most 255 bytes, a key's segment may have more: a long one becomes nested folders.
# "!" is in no key, so the way back is plain.
_LONG_SEGMENT = re.compile(r"([^/]{200})(?=[^/])")
_CONTINUED = "!/"

_RENAME_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class BucketFolder:
    """`objects/` holds each object at its key; `incoming/` holds files that have no key yet. All methods block.

    Clients and workers write side by side, each in a place of their own under `incoming/`, so that either may
    be tidied up at a start while the other is at work.
    """

    root: Path
    writer: str

    @property
    def objects(self) -> Path:
        """What the bucket holds."""
        return self.root / "objects"

    @property
    def incoming(self) -> Path:
        """What is being written; on the file system of the objects, so that a rename suffices."""
        return self.root / "incoming" / self.writer

    def path_of(self, key: str) -> Path:
        """Where the object of this key is, or would be.

        Raises:
            Rejected: `invalid_object_key`.
        """
        return self.objects / _LONG_SEGMENT.sub(rf"\1{_CONTINUED}", parse_object_key(key))

    def info(self, key: ObjectKey) -> ObjectInfo:
        """What is stored under the key.

        Raises:
            ObjectNotFound: nothing is.
        """
        try:
            return info_of(key, self.path_of(key).stat())
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ObjectNotFound(key) from error

    def scan(self, prefix: str) -> Generator[StoredObject]:
        """Every object whose key begins with the prefix, in no order; only an open folder per level is held."""
        try:
            folder = self._folder_of_prefix(prefix)
        except Rejected:  # No key begins with what is not part of a key.
            return
        for entry in _files_under(folder):
            key = self._key_of(Path(entry.path))
            if key.startswith(prefix) and (status := _status(entry)) is not None:
                yield StoredObject(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    def clear_incoming(self) -> None:
        """Remove all that has no key yet, or is no upload yet."""
        with suppress(FileNotFoundError):  # Nothing was ever written.
            for path in self.incoming.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def publish(self, written: Path, key: ObjectKey) -> ObjectInfo:
        """Give a finished file its key, in place of any other, and make that last."""
        sync(written)
        info = info_of(key, written.stat())
        target = self.path_of(key)
        self._rename(written, target)
        with suppress(FileNotFoundError):  # A concurrent delete may have taken object and folders already.
            for folder in (*self._folders_down_to(target.parent), self.objects, self.root):
                sync(folder)
        return info

    def remove(self, key: ObjectKey) -> None:
        """Remove the object, if it is there, and the folders that are empty then."""
        path = self.path_of(key)
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            path.unlink()
            sync(path.parent)
            self._prune(path.parent)

    def _rename(self, written: Path, target: Path) -> None:
        for _ in range(_RENAME_ATTEMPTS - 1):
            with suppress(FileNotFoundError):  # A concurrent delete pruned a folder under our hands: make it again.
                return self._rename_once(written, target)
        return self._rename_once(written, target)

    def _rename_once(self, written: Path, target: Path) -> None:
        self.objects.mkdir(parents=True, exist_ok=True)
        for folder in self._folders_down_to(target.parent):
            with suppress(FileExistsError):
                folder.mkdir()
        written.replace(target)

    def _prune(self, folder: Path) -> None:
        for emptied in reversed(self._folders_down_to(folder)):
            try:
                emptied.rmdir()
            except OSError:  # Not empty, or pruned by another: whoever empties it next goes on from here.
                return

    def _folders_down_to(self, folder: Path) -> list[Path]:
        """The folders below `objects/` on the way to this one, outermost first."""
        return [each for each in (*reversed(folder.parents), folder) if self.objects in each.parents]

    def _folder_of_prefix(self, prefix: str) -> Path:
        parent, _, _ = prefix.rpartition("/")
        return self.path_of(parent) if "/" in prefix else self.objects

    def _key_of(self, path: Path) -> ObjectKey:
        return ObjectKey(path.relative_to(self.objects).as_posix().replace(_CONTINUED, ""))


def info_of(key: ObjectKey, status: os.stat_result) -> ObjectInfo:
    """What the file says of the object.

    The old file is still there while its replacement is written, so their inodes differ, and so do their ETags.

    Raises:
        ObjectNotFound: it is a folder on the way to other keys.
    """
    if not stat.S_ISREG(status.st_mode):
        raise ObjectNotFound(key)
    return ObjectInfo(key, status.st_size, f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"')


def sync(path: Path) -> None:
    """Make a file's content, or a folder's entries, last."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def names_in(folder: Path) -> list[str]:
    """What lies in a folder, in no order."""
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except FileNotFoundError:  # It was removed meanwhile.
        return None


def _files_under(folder: Path) -> Generator[os.DirEntry[str]]:
    # Folders may be pruned while we walk, and none is there for a prefix that nothing has.
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files_under(Path(entry.path))
            else:
                yield entry
