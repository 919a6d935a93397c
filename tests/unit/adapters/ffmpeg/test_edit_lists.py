"""Edit lists that trim, and edit lists that are false."""

import struct
from pathlib import Path

import pytest

from adapters.ffmpeg.edit_lists import Edits, edits_of
from tests.media.surgery import box

SCALE = 1000


def movie(
    *,
    samples: int = 8000,
    media: int = 8000,
    shown: int = 8000,
    edits: tuple[tuple[int, int], ...] | None = ((8000, 0),),
    version: int = 0,
    scale: int = SCALE,
) -> bytes:
    """An index with one track; all times are in milliseconds."""
    wide = version == 1
    start = bytes([version, 0, 0, 0])
    times = bytes(16 if wide else 8)
    number = ">Q" if wide else ">I"
    mvhd = box("mvhd", start + times + struct.pack(">I", scale) + struct.pack(number, shown))
    tkhd = box("tkhd", start + times + bytes(8) + struct.pack(number, shown))
    mdhd = box("mdhd", start + times + struct.pack(">I", SCALE) + struct.pack(number, media))
    stts = box("stts", bytes(4) + struct.pack(">III", 1, samples // 40, 40))
    entries = b"".join(struct.pack(">QqI" if wide else ">IiI", *edit, 1 << 16) for edit in edits or ())
    edts = b"" if edits is None else box("edts", box("elst", start + struct.pack(">I", len(edits)) + entries))
    mdia = box("mdia", mdhd + box("minf", box("stbl", stts)))
    return box("ftyp", b"isom") + box("moov", mvhd + box("trak", tkhd + edts + mdia) + box("udta"))


def edits(tmp_path: Path, content: bytes) -> Edits:
    """What the edit lists of a file do."""
    path = tmp_path / "source"
    path.write_bytes(content)
    return edits_of(path)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(
    ("entries", "shown"),
    [(None, 8000), (((8000, 0),), 8000), (((7960, 40),), 7960), (((16_000, 0),), 8000), (((500, -1), (8000, 0)), 8500)],
)
def test_an_edit_list_that_shows_everything(
    tmp_path: Path, version: int, entries: tuple[tuple[int, int], ...] | None, shown: int
) -> None:
    """It delays the track, or hides what an encoder adds at its start."""
    assert edits(tmp_path, movie(version=version, edits=entries, shown=shown)) is Edits.NONE


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(
    ("entries", "shown"), [(((2000, 6000),), 2000), (((1000, 0), (1000, 6000)), 2000), (((500, -1), (2000, 0)), 2500)]
)
def test_an_edit_list_that_trims_on_purpose(
    tmp_path: Path, version: int, entries: tuple[tuple[int, int], ...], shown: int
) -> None:
    """The header of the track states what is shown, the header of the media what is there."""
    assert edits(tmp_path, movie(version=version, edits=entries, shown=shown)) is Edits.TRIMMED


@pytest.mark.parametrize(
    ("media", "shown", "edit"), [(8000, 8000, 4000), (4000, 4000, 4000), (8000, 8000, 0), (0, 0, 0), (8000, 0, 0)]
)
def test_an_edit_list_that_contradicts_the_other_headers(tmp_path: Path, media: int, shown: int, edit: int) -> None:
    """A recorder wrote a false duration, in some boxes or in all of them."""
    assert edits(tmp_path, movie(media=media, shown=shown, edits=((edit, 0),))) is Edits.FALSE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        box("ftyp", b"isom"),
        box("moov", bytes(30)),
        box("moov", box("mvhd", bytes(20)) + box("trak", box("edts", box("elst", bytes(8))))),
        movie(edits=((10, 0),), scale=0),
        b"\x00\x00\x00\x04moov",
        movie(edits=((10, 0),))[:120],
    ],
)
def test_a_damaged_index_has_no_edits(tmp_path: Path, content: bytes) -> None:
    """The probe decides about the file."""
    assert edits(tmp_path, content) is Edits.NONE


def test_the_index_may_follow_very_large_boxes(tmp_path: Path) -> None:
    """Their size has 64 bits."""
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 100) + bytes(100)
    assert edits(tmp_path, large + movie(edits=((2000, 0),), shown=2000)) is Edits.TRIMMED
