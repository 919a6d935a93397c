"""The multipart uploads in the folder: begun, found, and tidied up."""

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from adapters.localfs.folder import BucketFolder, names_in, sync
from adapters.localfs.upload import DATA, DESCRIPTION, PARTS, Description, LocalUpload, upload_not_found
from domain.model.errors import NotFound
from domain.model.object_key import ObjectKey
from domain.ports.multipart_store import UnfinishedUpload

_UPLOAD_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class LocalUploads:
    """`uploads/` holds a folder for each upload, which appears there whole. All methods block."""

    folder: BucketFolder

    @property
    def root(self) -> Path:
        """On the file system of the objects, so that a rename suffices."""
        return self.folder.root / "uploads"

    def create(self, key: ObjectKey, *, part_bytes: int, initiated_at: datetime) -> str:
        """Begin an upload; its id can't be guessed."""
        upload_id = secrets.token_hex(16)
        begun = self.folder.incoming / upload_id
        try:
            _lay_out(begun, Description(key, part_bytes, initiated_at))
            self.root.mkdir(parents=True, exist_ok=True)
            begun.rename(self.root / upload_id)
        finally:
            shutil.rmtree(begun, ignore_errors=True)  # What a failure left; after a rename there is nothing.
        sync(self.root)
        sync(self.folder.root)
        return upload_id

    def get(self, key: ObjectKey, upload_id: str) -> LocalUpload:
        """The unfinished upload of this key.

        Raises:
            NotFound: `upload_not_found`.
        """
        upload = self._known(upload_id)
        if upload.described.key != key or not upload.is_alive:
            raise upload_not_found()
        return upload

    def unfinished(self, prefix: str) -> list[UnfinishedUpload]:
        """Every upload whose key begins with the prefix, by key."""
        found = [
            UnfinishedUpload(upload.described.key, upload.path.name, upload.described.initiated_at)
            for upload in self._each()
            if upload.is_alive and upload.described.key.startswith(prefix)
        ]
        return sorted(found, key=lambda each: each.key)

    def clear(self) -> None:
        """Remove what is left of uploads that ended while their process was killed; never a live one."""
        for path in self._paths():
            if not (path / DATA).exists():
                shutil.rmtree(path, ignore_errors=True)

    def _each(self) -> Iterator[LocalUpload]:
        for path in self._paths():
            with suppress(NotFound):  # It ends while we look.
                yield self._known(path.name)

    def _paths(self) -> list[Path]:
        try:
            return [self.root / name for name in names_in(self.root) if _UPLOAD_ID.fullmatch(name)]
        except FileNotFoundError:  # None was ever begun.
            return []

    def _known(self, upload_id: str) -> LocalUpload:
        if not _UPLOAD_ID.fullmatch(upload_id):
            raise upload_not_found()
        path = self.root / upload_id
        try:
            described = msgspec.json.decode((path / DESCRIPTION).read_bytes(), type=Description)
        except (FileNotFoundError, NotADirectoryError):
            raise upload_not_found() from None
        return LocalUpload(path, described)


def _lay_out(begun: Path, described: Description) -> None:
    (begun / PARTS).mkdir(parents=True)
    (begun / DATA).touch()
    (begun / DESCRIPTION).write_bytes(msgspec.json.encode(described))
    for path in (begun / DESCRIPTION, begun / PARTS, begun):
        sync(path)
