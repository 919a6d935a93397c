"""The layout of the folder, and how files are added and removed atomically."""

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

# File systems limit names to 255 bytes, but a segment of a key may be longer: it becomes nested folders. Keys do not
# contain "!", so the mapping can be reversed.
_LONG_SEGMENT = re.compile(r"([^/]{200})(?=[^/])")
_CONTINUED = "!/"

_RENAME_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class BucketFolder:
    """`objects/` holds each object under its key; `incoming/` holds files that have no key yet. All methods block.

    Clients and workers write concurrently, each in a separate folder under `incoming/`, so that the files of one can be
    cleared when it starts, while the other is writing.
    """

    root: Path
    writer: str

    @property
    def objects(self) -> Path:
        """The folder of the stored objects."""
        return self.root / "objects"

    @property
    def incoming(self) -> Path:
        """The folder of unfinished files, on the file system of the objects, so that a rename publishes one."""
        return self.root / "incoming" / self.writer

    def path_of(self, key: str) -> Path:
        """The path of the object with this key, whether it exists or not.

        Raises:
            Rejected: `invalid_object_key`.
        """
        return self.objects / _LONG_SEGMENT.sub(rf"\1{_CONTINUED}", parse_object_key(key))

    def info(self, key: ObjectKey) -> ObjectInfo:
        """The info of the object under the key.

        Raises:
            ObjectNotFound: there is no object.
        """
        try:
            return info_of(key, self.path_of(key).stat())
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ObjectNotFound(key) from error

    def scan(self, prefix: str) -> Generator[StoredObject]:
        """Every object whose key begins with the prefix, in no order; holds only one open folder per level."""
        try:
            folder = self._folder_of_prefix(prefix)
        except Rejected:  # No key begins with an invalid prefix.
            return
        for entry in _files_under(folder):
            key = self._key_of(Path(entry.path))
            if key.startswith(prefix) and (status := _status(entry)) is not None:
                yield StoredObject(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    def clear_incoming(self) -> None:
        """Remove every unfinished file and every unfinished layout of a multipart upload."""
        with suppress(FileNotFoundError):  # Nothing was ever written.
            for path in self.incoming.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def publish(self, written: Path, key: ObjectKey) -> ObjectInfo:
        """Move a finished file to its key, replacing any other object, and sync it to disk."""
        sync(written)
        info = info_of(key, written.stat())
        target = self.path_of(key)
        self._rename(written, target)
        with suppress(FileNotFoundError):  # A concurrent delete may have removed the object and its folders already.
            for folder in (*self._folders_down_to(target.parent), self.objects, self.root):
                sync(folder)
        return info

    def remove(self, key: ObjectKey) -> None:
        """Remove the object, if it exists, and the folders that it leaves empty."""
        path = self.path_of(key)
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            path.unlink()
            sync(path.parent)
            self._prune(path.parent)

    def _rename(self, written: Path, target: Path) -> None:
        for _ in range(_RENAME_ATTEMPTS - 1):
            with suppress(FileNotFoundError):  # A concurrent delete pruned a folder: create it again.
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
            except OSError:  # Not empty, or already pruned; the delete that empties it prunes it.
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
    """The object's info from the status of its file.

    The ETag contains the inode: a file still exists while its replacement is written, so their inodes differ.

    Raises:
        ObjectNotFound: the path is a folder above other keys.
    """
    if not stat.S_ISREG(status.st_mode):
        raise ObjectNotFound(key)
    return ObjectInfo(key, status.st_size, f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"')


def sync(path: Path) -> None:
    """Sync a file's content, or a folder's entries, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def names_in(folder: Path) -> list[str]:
    """The names of a folder's entries, in no order."""
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except FileNotFoundError:  # It was removed after it was listed.
        return None


def _files_under(folder: Path) -> Generator[os.DirEntry[str]]:
    # A folder may be pruned during the walk, and an unused prefix has none.
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files_under(Path(entry.path))
            else:
                yield entry
