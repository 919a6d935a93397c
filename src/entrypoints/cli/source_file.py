"""The file that is uploaded, as long as it stays the same."""

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from domain.model.errors import Rejected

CHUNK_BYTES = 256 * 1024


class FileChanged(Rejected):
    """The file is no longer the one whose upload began."""

    code = "file_changed"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} changed while it was uploaded; the upload is cancelled.")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file with what tells it from a later state of it."""

    path: Path
    size_bytes: int
    mtime_ns: int
    inode: int

    @property
    def name(self) -> str:
        """Its name, with a mark in place of what is no text."""
        return os.fsencode(self.path.name).decode(errors="replace")

    @classmethod
    def at(cls, path: Path) -> Self:
        """The file as it is now, under the name that it was called by, link or not."""
        absolute = path.parent.resolve() / path.name
        status = absolute.stat()
        return cls(absolute, status.st_size, status.st_mtime_ns, status.st_ino)

    def chunks(self, start: int, size_bytes: int, on_sent: Callable[[int], object]) -> Generator[bytes]:
        """These bytes, little by little; each chunk is told once it was taken.

        Raises:
            FileChanged: it has become shorter.
        """
        with self.path.open("rb") as stream:
            stream.seek(start)
            left = size_bytes
            while left:
                chunk = stream.read(min(CHUNK_BYTES, left))
                if not chunk:
                    raise FileChanged(self.path)
                yield chunk
                left -= len(chunk)
                on_sent(len(chunk))

    def require_unchanged(self) -> None:
        """Make sure that all that was read is of one state of the file.

        Raises:
            FileChanged: it is not.
        """
        try:
            now = SourceFile.at(self.path)
        except FileNotFoundError as error:
            raise FileChanged(self.path) from error
        if now != self:
            raise FileChanged(self.path)
