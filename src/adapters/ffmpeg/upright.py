"""Erases display matrices from an MP4 that ffmpeg wrote: some versions copy one despite `-noautorotate`."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_HEADER = struct.Struct(">I4s")
_LARGE_SIZE = struct.Struct(">Q")
# The position of the matrix after the header of `tkhd`, by the version of the box (ISO/IEC 14496-12, 8.3.2).
_MATRIX_OFFSETS = {0: 40, 1: 52}
_UPRIGHT = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


def make_upright(path: Path) -> None:
    """Write the matrix that changes nothing into each track."""
    with path.open("r+b") as file:
        length = file.seek(0, 2)
        for movie, movie_end in _boxes(file, b"moov", 0, length):
            for track, track_end in _boxes(file, b"trak", movie, movie_end):
                for header, _ in _boxes(file, b"tkhd", track, track_end):
                    file.seek(header)
                    file.seek(header + _MATRIX_OFFSETS[file.read(1)[0]])
                    file.write(_UPRIGHT)


def _boxes(file: BinaryIO, kind: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The boxes of this kind in a range: the start of the content, and the end."""
    while start + _HEADER.size <= end:
        file.seek(start)
        size, found = _HEADER.unpack(file.read(_HEADER.size))
        content = start + _HEADER.size
        if size == 1:
            (size,) = _LARGE_SIZE.unpack(file.read(_LARGE_SIZE.size))
            content += _LARGE_SIZE.size
        if size < _HEADER.size:
            return
        if found == kind:
            yield content, start + size
        start += size
