"""The number of sample descriptions in an MP4."""

import struct
from pathlib import Path

import pytest

from adapters.ffmpeg.sample_descriptions import most_descriptions
from tests.media.surgery import box


def index(*counts: int) -> bytes:
    """An index with a track for each count of sample descriptions."""
    tracks = b""
    for count in counts:
        table = box("stbl", box("stts", bytes(8)) + box("stsd", struct.pack(">II", 0, count)))
        tracks += box("trak", box("tkhd", bytes(84)) + box("mdia", box("minf", table)))
    return box("moov", box("mvhd", bytes(100)) + tracks)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (box("ftyp", b"isom") + index(1, 1) + box("mdat", bytes(9)), 1),
        (box("ftyp", b"isom") + index(1, 2), 2),
        (index(3, 1), 3),
        (struct.pack(">I4sQ", 1, b"mdat", 116) + bytes(100) + index(2), 2),
        (box("ftyp", b"isom") + box("mdat", bytes(9)), 0),
        (struct.pack(">I4s", 4, b"free") + index(2), 0),
        (struct.pack(">I4s", 1, b"mdat"), 0),
        (index(2)[:-4], 0),
        (box("moov", box("trak", box("mdia", box("minf", box("stbl", box("stsd", b"\0")))))), 0),
        (b"", 0),
    ],
    ids=[
        *("one each", "two in one", "three", "behind a large box", "no index", "a box without an end"),
        *("a large box without an end", "an index without its end", "no count", "empty"),
    ],
)
def test_descriptions_are_counted(tmp_path: Path, content: bytes, expected: int) -> None:
    """Of the track that has most of them, wherever the index is."""
    path = tmp_path / "video.mp4"
    path.write_bytes(content)
    assert most_descriptions(path) == expected
