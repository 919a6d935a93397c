"""The file to upload, and the check that it stays unchanged."""

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from telecine_client.errors import FileChanged

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file with the attributes that reveal a later change."""

    path: Path
    size_bytes: int
    mtime_ns: int
    inode: int

    @property
    def name(self) -> str:
        """The file's name; bytes that are not UTF-8 are replaced by U+FFFD."""
        return os.fsencode(self.path.name).decode(errors="replace")

    @classmethod
    def open_at(cls, path: Path) -> Self:
        """The file in its current state, under the given name, even if that is a symbolic link."""
        absolute = path.parent.resolve() / path.name
        status = absolute.stat()
        return cls(absolute, status.st_size, status.st_mtime_ns, status.st_ino)

    def chunks(self, start: int, size_bytes: int, on_sent: Callable[[int], object]) -> Generator[bytes]:
        """These bytes in chunks; `on_sent` gets the size of each chunk after the consumer has taken it.

        Raises:
            FileChanged: the file has become shorter.
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
        """Check that the file did not change while it was read.

        Raises:
            FileChanged: the file was changed or removed.
        """
        try:
            now = SourceFile.open_at(self.path)
        except FileNotFoundError as error:
            raise FileChanged(self.path) from error
        if now != self:
            raise FileChanged(self.path)
