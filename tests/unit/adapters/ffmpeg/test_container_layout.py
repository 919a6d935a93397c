"""The outer structure of containers."""

import io
import struct

import pytest

from adapters.ffmpeg.container_layout import Layout, layout_of
from tests.media.surgery import box

FTYP = box("ftyp", b"isom\x00\x00\x02\x00isom")
MOOV, MDAT = box("moov", bytes(40)), box("mdat", bytes(200))


def layout(content: bytes, container: str) -> Layout:
    """The layout of these bytes."""
    return layout_of(io.BytesIO(content), len(content), container)


def test_only_mdat_holds_media() -> None:
    """Boxes of any other kind are known not to."""
    content = FTYP + MOOV + MDAT + box("free", bytes(100))
    found = layout(content, "mov")
    start = len(FTYP) + len(MOOV)
    assert found.media == ((start, start + len(MDAT)),)
    assert found.passive[-1] == (start + len(MDAT), len(content))
    assert (found.later_starts, found.is_cut) == ((), False)


@pytest.mark.parametrize("cut_bytes", [1, 150, 208])
def test_an_mp4_that_ends_inside_a_box_is_cut(cut_bytes: int) -> None:
    """Its last box states where it should end."""
    assert layout((FTYP + MOOV + MDAT)[:-cut_bytes], "mov").is_cut is (cut_bytes < len(MDAT))


def test_large_boxes_and_boxes_to_the_end_of_the_file() -> None:
    """A size of 1 is followed by a size of 64 bits; a size of 0 stands for all that follows."""
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 50) + bytes(50)
    last = struct.pack(">I4s", 0, b"mdat") + bytes(30)
    found = layout(FTYP + large + last, "mov")
    assert found.media == ((len(FTYP), len(FTYP) + 66), (len(FTYP) + 66, len(FTYP) + 66 + 38))
    assert found.is_cut is False


def test_a_second_mp4_begins_at_its_header() -> None:
    """A file from before `ftyp` begins with its index."""
    whole = FTYP + MOOV + MDAT
    found = layout(whole + whole, "mov")
    assert found.later_starts == (len(whole),)
    assert found.media == ((len(FTYP) + len(MOOV), len(whole)),)
    assert layout(MOOV + MDAT + MOOV + MDAT, "mov").later_starts == (len(MOOV + MDAT),)


@pytest.mark.parametrize("rest", [bytes(100), b"\x00\x00\x00\x02mdat", b"\x00\x00\x01\x00\xff\x00\x01\x02", b"abc"])
def test_what_is_no_box_ends_the_structure(rest: bytes) -> None:
    """Trailing bytes are not accounted for here."""
    found = layout(FTYP + MOOV + MDAT + rest, "mov")
    assert (len(found.passive), len(found.media), found.is_cut) == (2, 1, False)


def element(identifier: str, content: bytes, *, size: bytes | None = None) -> bytes:
    """A Matroska element."""
    return bytes.fromhex(identifier) + (size or bytes([0x10 | len(content) >> 24 & 0xF]) + _low(len(content))) + content


def _low(number: int) -> bytes:
    return number.to_bytes(4, "big")[1:]


UNKNOWN = b"\x01" + b"\xff" * 7
EBML, INFO, CLUSTER = element("1a45dfa3", bytes(20)), element("1549a966", bytes(30)), element("1f43b675", bytes(90))


def test_only_a_cluster_holds_media() -> None:
    """The children of a segment are read, and nothing inside of them."""
    content = EBML + element("18538067", INFO + CLUSTER + INFO)
    found = layout(content, "matroska")
    start = len(content) - len(INFO) - len(CLUSTER)
    assert found.media == ((start, start + len(CLUSTER)),)
    assert (found.later_starts, found.is_cut) == ((), False)


def test_a_segment_states_where_the_file_ends() -> None:
    """Unless its size is unknown, as in a live recording."""
    content = EBML + element("18538067", INFO + CLUSTER)
    assert layout(content[: -len(CLUSTER)], "matroska").is_cut is True
    live = EBML + element("18538067", INFO + CLUSTER, size=UNKNOWN)
    assert layout(live[: -len(CLUSTER)], "matroska").is_cut is False
    assert layout(live[:-10], "matroska").is_cut is True


def test_a_cluster_of_unknown_size_ends_the_structure() -> None:
    """Its end is known only from its content."""
    live = EBML + element("18538067", INFO + element("1f43b675", bytes(90), size=UNKNOWN) + INFO, size=UNKNOWN)
    assert layout(live, "matroska").media == ()


def test_a_second_matroska_file_begins_at_its_header() -> None:
    """Also in a segment of unknown size."""
    for size in (None, UNKNOWN):
        whole = EBML + element("18538067", INFO + CLUSTER, size=size)
        assert layout(whole + whole, "matroska").later_starts == (len(whole),)


@pytest.mark.parametrize("rest", [b"\x00\x01\x02", b"\x1f\x43", b"\x1f\x43\xb6\x75\x00\x00"])
def test_what_is_no_element_ends_the_structure(rest: bytes) -> None:
    """The file may end with anything."""
    found = layout(EBML + element("18538067", INFO + CLUSTER, size=UNKNOWN) + rest, "matroska")
    assert len(found.media) == 1


def chunk(kind: bytes, content: bytes) -> bytes:
    """A RIFF chunk."""
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


HEADERS, MOVI, INDEX = (
    chunk(b"LIST", b"hdrl" + bytes(50)),
    chunk(b"LIST", b"movi" + bytes(301)),
    chunk(b"idx1", bytes(64)),
)
AVI = chunk(b"RIFF", b"AVI " + HEADERS + MOVI + INDEX)


def test_only_the_movi_list_holds_media() -> None:
    """Headers, index and padding do not."""
    found = layout(AVI, "avi")
    start = 12 + len(HEADERS)
    assert found.media == ((start, start + 8 + 305),)
    assert (found.later_starts, found.is_cut) == ((), False)


def test_an_avi_states_where_it_ends() -> None:
    """Unless its recorder never wrote the sizes."""
    assert layout(AVI[:-70], "avi").is_cut is True
    unfinished = b"RIFF\x00\x00\x00\x00AVI " + HEADERS + b"LIST\x00\x00\x00\x00movi" + bytes(100)
    assert layout(unfinished, "avi").is_cut is False


def test_a_second_avi_begins_at_its_header_and_a_continuation_does_not() -> None:
    """Large files consist of several RIFF chunks (OpenDML)."""
    assert layout(AVI + AVI, "avi").later_starts == (len(AVI),)
    found = layout(AVI + chunk(b"RIFF", b"AVIX" + MOVI) + b"\xff\x00junk, and more", "avi")
    assert (found.later_starts, len(found.media)) == ((), 2)


def tag(kind: int, content: bytes) -> bytes:
    """An FLV tag with its length behind it."""
    whole = bytes([kind]) + len(content).to_bytes(3, "big") + bytes(7) + content
    return whole + struct.pack(">I", len(whole))


def test_an_flv_ends_with_a_whole_tag() -> None:
    """A transfer may end inside one."""
    content = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00" + tag(18, bytes(50)) + tag(9, bytes(400))
    assert layout(content, "flv").is_cut is False
    assert layout(content[:-1], "flv").is_cut is True
    assert layout(content[:-300], "flv").is_cut is True
    assert layout(content[:2], "flv").is_cut is True


def test_other_containers_are_not_read() -> None:
    """A transport stream has no outer structure."""
    assert layout(b"G" * 1000, "mpegts") == Layout()
