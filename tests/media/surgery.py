"""Changes to the bytes of media files: boxes of ISO/IEC 14496-12, elements of Matroska, and plain ranges."""

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Bytes = bytes | bytearray

_HEADER_BYTES = 8
_TKHD_MATRIX, _TKHD_HEIGHT = 40, 80  # Offsets into the content of a track header of version 0.
_CODED_DURATION = b"\x44\x89\x88"  # Matroska's Duration, 8 bytes of floating point.
_FRAME_DURATION, _VOID = b"\x23\xe3\x83", 0xEC  # Matroska's DefaultDuration, and its element without a meaning.


@dataclass(frozen=True, slots=True)
class Box:
    """The position of a box; its content begins after the header."""

    kind: str
    start: int
    end: int

    @property
    def content(self) -> int:
        """The offset of the content."""
        return self.start + _HEADER_BYTES


def boxes(content: Bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Yield the consecutive boxes in this range."""
    end = len(content) if end is None else end
    while start + _HEADER_BYTES <= end:
        size_bytes, kind = struct.unpack_from(">I4s", content, start)
        if size_bytes < _HEADER_BYTES:
            return
        yield Box(kind.decode("latin-1"), start, min(start + size_bytes, end))
        start += size_bytes


def find(content: Bytes, *path: str) -> Box:
    """Find the first box on this path, such as moov, trak, mdia."""
    found = Box("", -_HEADER_BYTES, len(content))
    for kind in path:
        found = next(box for box in boxes(content, found.content, found.end) if box.kind == kind)
    return found


def box(kind: str, content: bytes = b"") -> bytes:
    """Build a box: header and content."""
    return struct.pack(">I4s", _HEADER_BYTES + len(content), kind.encode()) + content


def changed(path: Path, change: Callable[[bytearray], object]) -> Path:
    """Apply a change to the file's content: in place, or by returning the new content."""
    content = bytearray(path.read_bytes())
    made = change(content)
    path.write_bytes(made if isinstance(made, bytes | bytearray) else content)
    return path


def cut(path: Path, share: float) -> Path:
    """Truncate the file to this share of its length."""
    return changed(path, lambda content: content[: int(len(content) * share)])


def zeroed(path: Path, first: float, last: float) -> Path:
    """Overwrite a range with zeros; the limits are shares of the file's length."""

    def zero(content: bytearray) -> None:
        start, end = int(len(content) * first), int(len(content) * last)
        content[start:end] = bytes(end - start)

    return changed(path, zero)


def with_number(path: Path, *boxes_to: str, offset: int, number: int) -> Path:
    """Write a 32-bit number at this offset into the content of a box."""
    return changed(
        path, lambda content: struct.pack_into(">I", content, find(content, *boxes_to).content + offset, number)
    )


def with_coded_duration(path: Path, duration: float) -> Path:
    """Write this duration, in milliseconds, into the header of a Matroska file."""

    def overwrite(content: bytearray) -> None:
        struct.pack_into(">d", content, content.index(_CODED_DURATION) + len(_CODED_DURATION), duration)

    return changed(path, overwrite)


def without_frame_duration(path: Path) -> Path:
    """Erase the duration of a frame in a Matroska file, which states a frame rate; ffmpeg 5 writes none here."""

    def overwrite(content: bytearray) -> None:
        if (at := content.find(_FRAME_DURATION)) < 0:
            return
        size = len(_FRAME_DURATION) + 1 + (content[at + len(_FRAME_DURATION)] & 0x7F)
        content[at : at + size] = bytes([_VOID, 0x80 | (size - 2), *bytes(size - 2)])

    return changed(path, overwrite)


def with_mp4_duration(path: Path, times: float) -> Path:
    """Multiply the duration in every header of an MP4."""

    def overwrite(content: bytearray) -> None:
        _multiply(content, find(content, "moov", "mvhd").content + 16, times)
        moov = find(content, "moov")
        for trak in boxes(content, moov.content, moov.end):
            if trak.kind == "trak":
                within = content[trak.content : trak.end]
                _multiply(content, trak.content + find(within, "mdia", "mdhd").content + 16, times)
                _multiply(content, trak.content + find(within, "tkhd").content + 20, times)

    return changed(path, overwrite)


def turned(path: Path) -> Path:
    """Rotate the first track by 90 degrees in its header, as phones do; no option of ffmpeg does so in each version."""

    def overwrite(content: bytearray) -> None:
        header = find(content, "moov", "trak", "tkhd").content
        (height,) = struct.unpack_from(">I", content, header + _TKHD_HEIGHT)
        matrix = (0, 1 << 16, 0, -1 << 16, 0, 0, height, 0, 1 << 30)
        struct.pack_into(">9i", content, header + _TKHD_MATRIX, *matrix)

    return changed(path, overwrite)


def with_box_at_end(path: Path, kind: str, content: bytes) -> Path:
    """Append a box."""
    with path.open("ab") as stream:
        stream.write(box(kind, content))
    return path


def _multiply(content: bytearray, at: int, times: float) -> None:
    (number,) = struct.unpack_from(">I", content, at)
    struct.pack_into(">I", content, at, min(2**32 - 1, math.ceil(number * times)))
