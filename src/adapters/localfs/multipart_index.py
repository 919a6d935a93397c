"""The multipart uploads of the folder: creates, finds and clears them."""

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
from adapters.localfs.multipart_upload import DATA, DESCRIPTION, PARTS, Description, LocalUpload, upload_not_found
from domain.model.errors import NotFound
from domain.model.object_key import ObjectKey
from domain.ports.multipart_store import UnfinishedUpload

_UPLOAD_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class LocalUploads:
    """`uploads/` holds one folder per upload, created atomically. All methods block."""

    folder: BucketFolder

    @property
    def root(self) -> Path:
        """The folder of all uploads, on the file system of the objects, so that a rename publishes one."""
        return self.folder.root / "uploads"

    def create(self, key: ObjectKey, *, part_bytes: int, initiated_at: datetime) -> str:
        """Create an upload; its id cannot be guessed."""
        upload_id = secrets.token_hex(16)
        created = self.folder.incoming / upload_id
        try:
            _lay_out(created, Description(key, part_bytes, initiated_at))
            self.root.mkdir(parents=True, exist_ok=True)
            created.rename(self.root / upload_id)
        finally:
            shutil.rmtree(created, ignore_errors=True)  # After a failure; a rename leaves nothing here.
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
        """Remove the remains of ended uploads whose process was killed; never an unfinished upload."""
        for path in self._paths():
            if not (path / DATA).exists():
                shutil.rmtree(path, ignore_errors=True)

    def _each(self) -> Iterator[LocalUpload]:
        for path in self._paths():
            with suppress(NotFound):  # It has ended since it was listed.
                yield self._known(path.name)

    def _paths(self) -> list[Path]:
        try:
            return [self.root / name for name in names_in(self.root) if _UPLOAD_ID.fullmatch(name)]
        except FileNotFoundError:  # No upload was ever created.
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


def _lay_out(created: Path, described: Description) -> None:
    (created / PARTS).mkdir(parents=True)
    (created / DATA).touch()
    (created / DESCRIPTION).write_bytes(msgspec.json.encode(described))
    for path in (created / DESCRIPTION, created / PARTS, created):
        sync(path)
