"""A part of a local file as a request body, read in pieces by the threads of the HTTP client."""

import hashlib
import io
import os
from base64 import b64encode
from pathlib import Path
from time import monotonic
from typing import Self

_CHUNK_BYTES = 1024 * 1024


class FilePart(io.RawIOBase):
    """A range of a file, readable like a separate file; a repeated request restarts with `seek`.

    The bucket compares the MD5 with the received body, so that no damaged body is stored.
    """

    def __init__(self, descriptor: int, start: int, size_bytes: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._start = start
        self._size_bytes = size_bytes
        self._position = 0
        self._md5 = b""
        self._touched_at = monotonic()

    @classmethod
    def open(cls, path: Path, start: int, size_bytes: int) -> Self:
        """Open the part and compute its digest; blocks while it reads the whole part."""
        part = cls(os.open(path, os.O_RDONLY | os.O_CLOEXEC), start, size_bytes)
        digest = hashlib.md5(usedforsecurity=False)
        try:
            while chunk := part.read(_CHUNK_BYTES):
                digest.update(chunk)
        except BaseException:
            part.close()
            raise
        part.seek(0)
        part._md5 = digest.digest()
        return part

    @property
    def idle_s(self) -> float:
        """Seconds since the last read or restart."""
        return monotonic() - self._touched_at

    @property
    def md5_hex(self) -> str:
        """The digest as in an ETag."""
        return self._md5.hex()

    @property
    def md5_base64(self) -> str:
        """The digest as in `Content-MD5`."""
        return b64encode(self._md5).decode()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size_bytes}[whence]
        self._position = max(0, origin + offset)
        self._touched_at = monotonic()
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self._size_bytes - self._position)
        content = os.pread(self._descriptor, left if size < 0 else min(size, left), self._start + self._position)
        self._position += len(content)
        self._touched_at = monotonic()
        return content

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()
