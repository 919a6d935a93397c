"""A part of a local file as the body of a request: read piece by piece, in the HTTP client's own threads."""

import hashlib
import io
import os
from base64 import b64encode
from pathlib import Path
from time import monotonic
from typing import Self

_CHUNK_BYTES = 1024 * 1024


class FilePart(io.RawIOBase):
    """So many bytes of a file as if they were a file of their own; a repeated request begins again by `seek`.

    The bucket compares their MD5 with what it got, so that no damaged body is stored; nobody trusts it further.
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
        """The part, and its digest; blocks for as long as it takes to read it."""
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
        """For how long nobody has read it or begun again."""
        return monotonic() - self._touched_at

    @property
    def md5_hex(self) -> str:
        """As in an ETag."""
        return self._md5.hex()

    @property
    def md5_base64(self) -> str:
        """As in `Content-MD5`."""
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
