"""Display matrices of an MP4."""

import struct
from pathlib import Path

from adapters.ffmpeg.upright import make_upright
from tests.media.surgery import box

SKEWED = struct.pack(">9i", 65536, 32768, 0, 0, 65536, 0, 0, 0, 1 << 30)
UPRIGHT = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)


def movie(matrix: bytes, *, large: bool) -> bytes:
    """Two tracks, whose headers have both versions; if large, the first box has a size of 64 bits."""
    old = box("tkhd", bytes(40) + matrix + bytes(8))
    new = box("tkhd", b"\x01" + bytes(51) + matrix + bytes(8))
    media = struct.pack(">I4sQ", 1, b"mdat", 20) + b"data" if large else box("mdat", b"data")
    return media + box("moov", box("mvhd", bytes(100)) + box("trak", old) + box("trak", new))


def test_every_track_becomes_upright(tmp_path: Path) -> None:
    """Nothing else changes."""
    path = tmp_path / "a.mp4"
    for large in (False, True):
        path.write_bytes(movie(SKEWED, large=large))
        make_upright(path)
        assert path.read_bytes() == movie(UPRIGHT, large=large)


def test_a_damaged_file_is_left(tmp_path: Path) -> None:
    """A box of no size ends the search."""
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(32))
    make_upright(path)
    assert path.read_bytes() == bytes(32)
