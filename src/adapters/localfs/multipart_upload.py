"""One multipart upload in the folder; it stays consistent with concurrent processes and if one is killed."""

import fcntl
import os
import shutil
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from adapters.localfs.folder import names_in, sync
from domain.model.errors import NotFound, Rejected
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MAX_PART_COUNT
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo

DESCRIPTION, DATA, PARTS = "upload.json", "data", "parts"

_CHUNK_BYTES = 1024 * 1024


class Description(msgspec.Struct, frozen=True):
    """The parameters of an upload, stored as `upload.json`."""

    key: ObjectKey
    part_bytes: int
    initiated_at: datetime


@dataclass(frozen=True, slots=True)
class PartContent:
    """The bytes of a part, from any source, and their digest."""

    size_bytes: int
    digest: str
    chunks: Iterable[bytes | memoryview]


@dataclass(frozen=True, slots=True)
class LocalUpload:
    """`data` holds each part at its offset; `parts/` has an empty marker file for each complete part, named after it.

    The upload exists as long as `data`, which one rename (complete) or one unlink (abort) removes; the files that
    remain are then garbage. Every change holds the lock of `upload.json` and opens `data` under that lock, so a late
    writer cannot modify the finished object. All methods block.
    """

    path: Path
    described: Description

    @property
    def is_alive(self) -> bool:
        """Whether the upload was neither completed nor aborted."""
        return self._data.exists()

    def check(self, number: int, size_bytes: int) -> None:
        """Check that this number and size are valid for a part of this upload.

        Raises:
            Rejected: `invalid_parts`.
        """
        if not 1 <= number <= MAX_PART_COUNT:
            raise Rejected(f"Parts are numbered from 1 to {MAX_PART_COUNT}.", code="invalid_parts")
        if size_bytes > self.described.part_bytes:
            raise Rejected(
                f"A part of this upload has at most {self.described.part_bytes} bytes.", code="invalid_parts"
            )

    def put(self, number: int, content: PartContent) -> UploadedPart:
        """Write a part at its offset, then its marker; a crash in between leaves the part missing.

        Both are on disk before the response. Without the first sync, a power failure could leave a marker whose bytes
        are zeros, and `complete` would join them. Without the second one, it could take away the marker of the last
        part of a recording, which `complete` cannot miss, because the number of parts is unknown.

        Raises:
            NotFound: `upload_not_found`.
            Rejected: `invalid_parts`.
        """
        self.check(number, content.size_bytes)
        part = UploadedPart(number, f'"{content.digest}"', content.size_bytes)
        with self._locked():
            known = self._markers(number)
            if known != [_marker(part)]:  # Otherwise the same part is stored already; its response may have been lost.
                self._unmark(known)
                self._write(content.chunks, start=(number - 1) * self.described.part_bytes)
                (self._parts / _marker(part)).touch(exist_ok=False)
                sync(self._parts)
        return part

    def parts(self) -> list[UploadedPart]:
        """Every complete part, by number.

        Raises:
            NotFound: `upload_not_found`.
        """
        try:
            names = names_in(self._parts)
        except FileNotFoundError:
            raise upload_not_found() from None
        if not self.is_alive:  # Last: the names may belong to an ended upload.
            raise upload_not_found()
        return sorted(map(_part_of_marker, names), key=lambda part: part.number)

    def complete(self, parts: Sequence[UploadedPart], publish: Callable[[Path], ObjectInfo]) -> ObjectInfo:
        """Publish these parts as the object, and drop all others.

        Raises:
            NotFound: `upload_not_found`.
            Rejected: `invalid_parts`.
        """
        with self._locked():
            self._check_joinable(parts)
            self._drop_all_but(parts)
            info = publish(self._data)
        self.remove()
        return info

    def abort(self) -> None:
        """Drop the upload and its parts."""
        with suppress(NotFound), self._locked():
            self._data.unlink()
            sync(self.path)
        self.remove()

    def remove(self) -> None:
        """Remove the files of an upload that has ended; what cannot be removed now is removed at the next start."""
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.path / DATA

    @property
    def _parts(self) -> Path:
        return self.path / PARTS

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Exclude all other threads and processes from changing the upload."""
        try:
            descriptor = os.open(self.path / DESCRIPTION, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise upload_not_found() from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not self.is_alive:
                raise upload_not_found()
            yield
        finally:
            os.close(descriptor)

    def _markers(self, number: int) -> list[str]:
        return [name for name in names_in(self._parts) if name.startswith(f"{number}-")]

    def _unmark(self, markers: Collection[str]) -> None:
        """Mark these parts as missing, in a way that survives a crash, so that their bytes may be overwritten."""
        for marker in markers:
            (self._parts / marker).unlink()
        if markers:
            sync(self._parts)

    def _write(self, chunks: Iterable[bytes | memoryview], *, start: int) -> None:
        descriptor = os.open(self._data, os.O_WRONLY | os.O_CLOEXEC)
        try:
            for chunk in chunks:
                left = memoryview(chunk)
                while left:
                    written = os.pwrite(descriptor, left, start)
                    start, left = start + written, left[written:]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _check_joinable(self, parts: Sequence[UploadedPart]) -> None:
        """Check that these are parts 1 to n of equal size, except the last: R2's rule, and no gaps in `data`."""
        is_gapless = [part.number for part in parts] == list(range(1, len(parts) + 1))
        are_equal = all(part.size_bytes == self.described.part_bytes for part in parts[:-1])
        if not parts or not is_gapless or not are_equal or not {*map(_marker, parts)} <= {*names_in(self._parts)}:
            raise Rejected("The bucket does not have these parts, or can't join them.", code="invalid_parts")

    def _drop_all_but(self, parts: Sequence[UploadedPart]) -> None:
        """Truncate `data` to the end of the last part, after the markers of all other parts are removed."""
        self._unmark({*names_in(self._parts)} - {*map(_marker, parts)})
        # The object's time of modification is that of its completion, not of its last part.
        os.truncate(self._data, sum(part.size_bytes for part in parts))
        os.utime(self._data)


def file_chunks(path: Path) -> Generator[bytes]:
    """The content of a file, in chunks of a MiB."""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def upload_not_found() -> NotFound:
    """The error for an upload that was completed, aborted, or never created."""
    return NotFound("The bucket has no such upload.", code="upload_not_found")


def _marker(part: UploadedPart) -> str:
    digest = part.etag.strip('"')
    return f"{part.number}-{part.size_bytes}-{digest}"


def _part_of_marker(marker: str) -> UploadedPart:
    number, size_bytes, digest = marker.split("-")
    return UploadedPart(int(number), f'"{digest}"', int(size_bytes))
