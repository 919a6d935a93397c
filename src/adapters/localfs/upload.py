"""One multipart upload in the folder, safe against any number of processes and a kill at any moment."""

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
from domain.model.multipart import MAX_PART_COUNT
from domain.model.object_key import ObjectKey
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo

DESCRIPTION, DATA, PARTS = "upload.json", "data", "parts"

_CHUNK_BYTES = 1024 * 1024


class Description(msgspec.Struct, frozen=True):
    """What an upload is for."""

    key: ObjectKey
    part_bytes: int
    initiated_at: datetime


@dataclass(frozen=True, slots=True)
class PartContent:
    """The bytes of a part, from wherever they are, and their digest."""

    size_bytes: int
    digest: str
    chunks: Iterable[bytes | memoryview]


@dataclass(frozen=True, slots=True)
class LocalUpload:
    """`data` holds every part at its place; `parts/` has an empty file for each that is whole, named after it.

    The upload lives as long as `data` is there, and it goes by one rename or one unlink: whatever else is left then
    means nothing. Who changes it holds the lock of `upload.json`, and opens `data` anew under it, so nobody who
    comes late can write to what has become an object. All methods block.
    """

    path: Path
    described: Description

    @property
    def is_alive(self) -> bool:
        """Whether it was neither completed nor aborted."""
        return self._data.exists()

    def check(self, number: int, size_bytes: int) -> None:
        """Pass what can be a part of this upload.

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
        """Write a part to its place and say so; a crash meanwhile leaves it missing.

        Raises:
            NotFound: `upload_not_found`.
            Rejected: `invalid_parts`.
        """
        self.check(number, content.size_bytes)
        part = UploadedPart(number, f'"{content.digest}"', content.size_bytes)
        with self._locked():
            known = self._markers(number)
            if known != [_marker(part)]:  # Else it came before, and its answer may have been lost.
                self._forget(known)
                self._write(content.chunks, start=(number - 1) * self.described.part_bytes)
                (self._parts / _marker(part)).touch(exist_ok=False)
                sync(self._parts)
        return part

    def parts(self) -> list[UploadedPart]:
        """Every part that is whole, by number.

        Raises:
            NotFound: `upload_not_found`.
        """
        try:
            names = names_in(self._parts)
        except FileNotFoundError:
            raise upload_not_found() from None
        if not self.is_alive:  # Looked at last: the names may be those that were not yet removed.
            raise upload_not_found()
        return sorted(map(_marked, names), key=lambda part: part.number)

    def complete(self, parts: Sequence[UploadedPart], publish: Callable[[Path], ObjectInfo]) -> ObjectInfo:
        """Let these parts be the object, and drop all others.

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
        """Remove what is left of an upload that has ended; what can't be removed now is at the next start."""
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.path / DATA

    @property
    def _parts(self) -> Path:
        return self.path / PARTS

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Be the only one, of all threads and processes, who changes the upload."""
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

    def _forget(self, markers: Collection[str]) -> None:
        """From here on these parts are missing, also after a crash: their bytes may be overwritten."""
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
        """R2's rule, and what makes them lie in `data` without a gap: parts 1 to n, equal but the last."""
        is_gapless = [part.number for part in parts] == list(range(1, len(parts) + 1))
        are_equal = all(part.size_bytes == self.described.part_bytes for part in parts[:-1])
        if not parts or not is_gapless or not are_equal or not {*map(_marker, parts)} <= {*names_in(self._parts)}:
            raise Rejected("The bucket does not have these parts, or can't join them.", code="invalid_parts")

    def _drop_all_but(self, parts: Sequence[UploadedPart]) -> None:
        """Let `data` end where the last part does; whatever lies behind is forgotten first."""
        self._forget({*names_in(self._parts)} - {*map(_marker, parts)})
        # The time of the last change becomes that of the object, so that it is no older than its being there.
        os.truncate(self._data, sum(part.size_bytes for part in parts))
        os.utime(self._data)


def file_chunks(path: Path) -> Generator[bytes]:
    """What is in a file, a little at a time."""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def upload_not_found() -> NotFound:
    """What is told of an upload that was completed, aborted, or never begun."""
    return NotFound("The bucket knows no such upload.", code="upload_not_found")


def _marker(part: UploadedPart) -> str:
    digest = part.etag.strip('"')
    return f"{part.number}-{part.size_bytes}-{digest}"


def _marked(marker: str) -> UploadedPart:
    number, size_bytes, digest = marker.split("-")
    return UploadedPart(int(number), f'"{digest}"', int(size_bytes))
