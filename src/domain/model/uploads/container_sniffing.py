"""Detects a file's container by its first bytes; the probe later finds out whether it contains a video."""

import re
from enum import StrEnum
from struct import unpack_from

from domain.model.errors import Rejected

SNIFF_BYTES = 4096
"""The number of first bytes that are examined; of a smaller file, all of it."""


class Container(StrEnum):
    """A family of containers; one family may have several filename extensions."""

    ISO_BMFF = "iso_bmff"
    MATROSKA = "matroska"
    AVI = "avi"
    MPEG_PROGRAM = "mpeg_program"
    MPEG_TRANSPORT = "mpeg_transport"
    FLV = "flv"
    OGG = "ogg"


# Every container has such bytes near its start, and no text file does (WHATWG MIME Sniffing, "binary data byte").
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")

# Two containers may begin with any four bytes (a size or a time), so files of these other formats are excluded first.
_FOREIGN = re.compile(
    rb"\s*<[!?A-Za-z]|#!|#EXT|ffconcat|%PDF|GIF8|\x89PNG|\xff\xd8\xff|PK\x03\x04|\x1f\x8b|\x7fELF|MZ|ID3"
    rb"|\xef\xbb\xbf|\xfe\xff|\xff\xfe"
)

_SIGNATURES = {
    # An EBML header (RFC 8794) whose DocType is one of the two.
    Container.MATROSKA: re.compile(rb"\x1aE\xdf\xa3.{1,128}?B\x82.{1,8}?(?:matroska|webm)", re.DOTALL),
    Container.AVI: re.compile(rb"RIFF.{4}AVI ", re.DOTALL),
    # A pack header (ISO/IEC 13818-1, 2.5.3.3); MPEG-1 and MPEG-2 differ in the marker after the start code.
    Container.MPEG_PROGRAM: re.compile(rb"\x00\x00\x01\xba[\x21-\x2f\x40-\x7f]"),
    Container.FLV: re.compile(rb"FLV\x01.\x00\x00\x00[\x09-\xff]", re.DOTALL),
    Container.OGG: re.compile(rb"OggS\x00[\x00-\x07]"),
}

_BOX_HEADER_BYTES = 8
_MIN_FTYP_BYTES = 16  # The box header, the major brand and its version.
_MAX_FTYP_BYTES = 4096
_MAX_PADDING_BYTES = 16 * 1024**2
_PADDING = frozenset({b"free", b"skip", b"wide"})
_OLD_ATOMS = frozenset({b"moov", b"mdat", b"pnot"})  # QuickTime files from before there was `ftyp`.

_PACKETS_IN_A_ROW = 5


def _packets(packet_bytes: int) -> re.Pattern[bytes]:
    """A run of packets: each begins with the sync byte and states that it has a payload or an adaptation field.

    The header is defined in ISO/IEC 13818-1, 2.4.3.2.
    """
    start = rb"G..[\x10-\x3f\x50-\x7f\x90-\xbf\xd0-\xff]"
    repeated = rb"(?:%b.{%d}){%d}%b" % (start, packet_bytes - 4, _PACKETS_IN_A_ROW - 1, start)
    return re.compile(rb"(?P<partial>.{0,%d}?)%b" % (packet_bytes - 1, repeated), re.DOTALL)


_M2TS_TIME_BYTES = 4
_TRANSPORT_STREAMS = (_packets(188), _packets(192))
"""Broadcast packets (188 bytes), and those of camcorders and discs, which begin with a four-byte time (192 bytes)."""


def sniff(first_bytes: bytes) -> Container | None:
    """The container of a file with these first bytes, whatever its extension is; None if it is not supported."""
    head = first_bytes[:SNIFF_BYTES]
    if _FOREIGN.match(head) or not _BINARY.search(head):
        return None
    if _is_iso_bmff(head):
        return Container.ISO_BMFF
    if any(_is_transport_stream(head, packets) for packets in _TRANSPORT_STREAMS):
        return Container.MPEG_TRANSPORT
    return next((container for container, signature in _SIGNATURES.items() if signature.match(head)), None)


def _is_iso_bmff(head: bytes) -> bool:
    """Whether the file consists of boxes (ISO/IEC 14496-12, 4.2); the first box that is not padding decides."""
    offset = 0
    while offset + _BOX_HEADER_BYTES <= len(head):
        size_bytes, kind = unpack_from(">I4s", head, offset)
        if kind not in _PADDING:
            return _is_first_box(kind, size_bytes)
        if not _BOX_HEADER_BYTES <= size_bytes <= _MAX_PADDING_BYTES:
            return False
        offset += size_bytes
    # The padding extends beyond the bytes that were read; a shorter file consists of padding only.
    return len(head) == SNIFF_BYTES and offset > 0


def _is_first_box(kind: bytes, size_bytes: int) -> bool:
    if kind == b"ftyp":
        return _MIN_FTYP_BYTES <= size_bytes <= _MAX_FTYP_BYTES
    # A size of 0 means "to the end of the file", 1 means "a 64-bit size follows".
    return kind in _OLD_ATOMS and (size_bytes in {0, 1} or size_bytes >= _BOX_HEADER_BYTES)


def _is_transport_stream(head: bytes, packets: re.Pattern[bytes]) -> bool:
    """A stream may begin in the middle of a packet, but zeros before the first whole packet are not part of one."""
    run = packets.match(head)
    return run is not None and (len(run["partial"]) in {0, _M2TS_TIME_BYTES} or any(run["partial"]))


NOT_A_VIDEO = "not_a_video"


def check_container(first_bytes: bytes) -> None:
    """Check that a file with these first bytes is in a supported container.

    Raises:
        Rejected: `not_a_video`.
    """
    if sniff(first_bytes[:SNIFF_BYTES]) is None:
        raise Rejected("The file is not in a supported video container; upload a video file.", code=NOT_A_VIDEO)
