"""An MP4 with two sample descriptions: the decoder's parameters change in the middle."""

import struct
from pathlib import Path

from tests.media.surgery import box, boxes, find

_TABLE = ("moov", "trak", "mdia", "minf", "stbl")


def joined(one: Path, other: Path, whole: Path) -> Path:
    """Rewrite the index of `whole` so that its samples from `other` use the description of `other`.

    `whole` has the samples of `one` followed by those of `other`, and describes all of them as `one` does. Each of
    the three files has one track, and its index after its samples.
    """
    content = whole.read_bytes()
    count = _numbers(one.read_bytes(), "stsz")[2]
    start, sizes = _numbers(content, "stco")[2], _numbers(content, "stsz")[3:]
    (first, second) = (_table(path.read_bytes(), "stsd")[8:] for path in (one, other))
    tables = {
        "stsd": struct.pack(">II", 0, 2) + first + second,
        "stsc": struct.pack(">8I", 0, 2, 1, count, 1, 2, len(sizes) - count, 2),
        "stco": struct.pack(">4I", 0, 2, start, start + sum(sizes[:count])),
    }
    whole.write_bytes(content[: find(content, "moov").start] + _rebuilt(content, ("moov",), tables))
    return whole


def _rebuilt(content: bytes, path: tuple[str, ...], tables: dict[str, bytes]) -> bytes:
    """Rebuild the box on this path with replaced tables, so that all sizes are right."""
    found, parts = find(content, *path), b""
    for child in boxes(content, found.content, found.end):
        if child.kind in _TABLE:
            parts += _rebuilt(content, (*path, child.kind), tables)
        elif child.kind in tables:
            parts += box(child.kind, tables[child.kind])
        else:
            parts += content[child.start : child.end]
    return box(path[-1], parts)


def _table(content: bytes, kind: str) -> bytes:
    found = find(content, *_TABLE, kind)
    return content[found.content : found.end]


def _numbers(content: bytes, kind: str) -> tuple[int, ...]:
    table = _table(content, kind)
    return struct.unpack_from(f">{len(table) // 4}I", table)
