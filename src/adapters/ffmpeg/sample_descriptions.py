"""Counts the sample descriptions in the index of an MP4 (ISO/IEC 14496-12, 8.5.2)."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_SIZE_BYTES = 8
_HEADER = struct.Struct(">I4sQ")  # The last number is the size if the first is 1; otherwise it belongs to the content.
_COUNT = struct.Struct(">4xI")
# The boxes that lead to the description of a track.
_PATH = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")


def most_descriptions(mp4: Path) -> int:
    """The number of sample descriptions of the track that has most; 0 if the file has no index."""
    with mp4.open("rb") as stream:
        return max(_counts(stream, 0, mp4.stat().st_size, _PATH), default=0)


def _counts(stream: BinaryIO, start: int, end: int, path: tuple[bytes, ...]) -> Iterator[int]:
    """The entry counts of all boxes on this path in a range of the file."""
    if not path:
        stream.seek(start)
        yield _COUNT.unpack(stream.read(min(_COUNT.size, end - start)).ljust(_COUNT.size, b"\0"))[0]
        return
    for kind, content_start, content_end in _boxes(stream, start, end):
        if kind == path[0]:
            yield from _counts(stream, content_start, content_end, path[1:])


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box in this range, and the range of its content."""
    while start + _SIZE_BYTES <= end:
        stream.seek(start)
        size_bytes, kind, large_size_bytes = _HEADER.unpack(stream.read(_HEADER.size).ljust(_HEADER.size, b"\0"))
        content = start + (_HEADER.size if size_bytes == 1 else _SIZE_BYTES)
        size_bytes = large_size_bytes if size_bytes == 1 else size_bytes
        if not content <= start + size_bytes <= end:
            return
        yield kind, content, start + size_bytes
        start += size_bytes
