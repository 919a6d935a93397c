"""Detects a file's container by its first bytes; the probe later finds out what is in it."""

import re
from enum import StrEnum
from struct import unpack_from

from domain.model.errors import Rejected
from domain.model.uploads.audio_frames import (
    FEWEST_FRAMES,
    MAX_PARTIAL_BYTES,
    ac3_frame,
    adts_frame,
    amr_frame,
    amr_wb_frame,
    is_run_of_frames,
    mpeg_audio_frame,
)

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
    ASF = "asf"
    MXF = "mxf"
    DV = "dv"
    WAV = "wav"
    AIFF = "aiff"
    CAF = "caf"
    FLAC = "flac"
    MPEG_AUDIO = "mpeg_audio"
    ADTS = "adts"
    AC3 = "ac3"
    AMR = "amr"


# Every container has such bytes near its start, and no text file does (WHATWG MIME Sniffing, "binary data byte").
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")

# Two containers may begin with any four bytes (a size or a time), so files of these other formats are excluded first.
_FOREIGN = re.compile(
    rb"\s*<[!?A-Za-z]|#!|#EXT|ffconcat|%PDF|GIF8|\x89PNG|\xff\xd8\xff|PK\x03\x04|\x1f\x8b|\x7fELF|MZ"
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
    # The GUID of an ASF header object, and its size.
    Container.ASF: re.compile(
        rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c.{4}\x00{4}", re.DOTALL
    ),
    # The key of a header partition pack (SMPTE ST 377-1, 7.1), after a run-in of any bytes.
    Container.MXF: re.compile(rb".*?\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02[\x01-\x04]", re.DOTALL),
    # Blocks of 80 bytes (IEC 61834-2): a header, two of subcode, three of auxiliary data, and one of audio.
    Container.DV: re.compile(
        rb"\x1f[\x07\x0f]\x00[\x3f\xbf].{76}(?:[\x20-\x3f].{79}){2}(?:[\x40-\x5f].{79}){3}[\x60-\x7f]", re.DOTALL
    ),
    # RIFF and its 64-bit forms: RF64, BW64 (ITU-R BS.2088) and Wave64, whose names are GUIDs.
    Container.WAV: re.compile(
        rb"(?:RIFF|RF64|BW64).{4}WAVE[A-Za-z][A-Za-z0-9]{2}[A-Za-z0-9 ].{3}\x00"
        rb"|riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00.{8}wave\xf3\xac\xd3\x11",
        re.DOTALL,
    ),
    Container.AIFF: re.compile(rb"FORM.{4}AIF[FC][A-Z(][A-Za-z() ]{3}\x00", re.DOTALL),
    Container.CAF: re.compile(rb"caff\x00\x01\x00\x00desc\x00{7}"),
    Container.FLAC: re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"),
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
_TRANSPORT_STREAMS = (_packets(188), _packets(192), _packets(204))
"""Broadcast packets (188 bytes), those of camcorders and discs, which begin with a four-byte time (192 bytes), and
those with a checksum of 16 bytes (204 bytes)."""

# A program stream may begin in the middle of a pack; a whole pack header is followed by another start code.
_LATER_PACK = re.compile(
    rb".*?\x00\x00\x01\xba(?:[\x21-\x2f].{7}|[\x40-\x7f].{8}(?:\xf8|[\xf9-\xff]\xff{1,7}))\x00\x00\x01[\xbb-\xef]",
    re.DOTALL,
)

# An ID3v2 tag: its version, flags, and size in four bytes of seven bits; then its first frame, or padding.
_TAG_START = b"ID3"
_TAG = re.compile(rb"ID3[\x02-\x04]\x00[\x00\x10\x20\x40\x80\xc0]([\x00-\x7f]{4})(?:[A-Z][A-Z0-9]{2}|\x00)")
_TAG_HEADER_BYTES = 10
_LONGEST_TAGGED_START = 10
"""The number of bytes after a tag that tell what follows."""
_FRAMED_AUDIO = {Container.MPEG_AUDIO: mpeg_audio_frame, Container.ADTS: adts_frame}
_AMR_MAGIC = {b"#!AMR\n": amr_frame, b"#!AMR-WB\n": amr_wb_frame}


def sniff(first_bytes: bytes) -> Container | None:
    """The container of a file with these first bytes, whatever its extension is; None if it is not supported."""
    head = first_bytes[:SNIFF_BYTES]
    if not _BINARY.search(head):
        return None
    if any(_is_amr(head, magic) for magic in _AMR_MAGIC):
        return Container.AMR
    if _FOREIGN.match(head):
        return None
    if head.startswith(_TAG_START):
        return _sniff_after_tag(head)
    return _sniff_container(head) or _sniff_audio(head)


def _sniff_container(head: bytes) -> Container | None:
    """A container with a header or with packets of a fixed length."""
    if _is_iso_bmff(head):
        return Container.ISO_BMFF
    if any(_is_transport_stream(head, packets) for packets in _TRANSPORT_STREAMS):
        return Container.MPEG_TRANSPORT
    signed = next((container for container, signature in _SIGNATURES.items() if signature.match(head)), None)
    return Container.MPEG_PROGRAM if signed is None and _LATER_PACK.match(head) else signed


def _sniff_audio(head: bytes) -> Container | None:
    """Audio without a container."""
    if is_run_of_frames(head, ac3_frame):
        return Container.AC3
    return _sniff_frames(head, partial_bytes=MAX_PARTIAL_BYTES)


def _sniff_frames(head: bytes, *, partial_bytes: int = 0, fewest: int = FEWEST_FRAMES) -> Container | None:
    for container, frame_at in _FRAMED_AUDIO.items():
        if is_run_of_frames(head, frame_at, partial_bytes=partial_bytes, fewest=fewest):
            return container
    return None


def _sniff_after_tag(head: bytes) -> Container | None:
    """Audio behind a tag, or several, which are often longer than the bytes that were read: they contain the cover."""
    audio = head
    while audio.startswith(_TAG_START):
        tag = _TAG.match(audio)
        if tag is None:
            return None
        audio = audio[_TAG_HEADER_BYTES + _tag_bytes(tag[1]) :].lstrip(b"\x00")
    if len(head) < SNIFF_BYTES:
        return _sniff_tagged(audio, fewest=FEWEST_FRAMES)
    # The tag says that audio follows, so what remains of the bytes that were read need not hold several frames.
    return Container.MPEG_AUDIO if len(audio) < _LONGEST_TAGGED_START else _sniff_tagged(audio, fewest=1)


def _sniff_tagged(audio: bytes, *, fewest: int) -> Container | None:
    is_flac = _SIGNATURES[Container.FLAC].match(audio) is not None
    return Container.FLAC if is_flac else _sniff_frames(audio, fewest=fewest)


def _tag_bytes(size: bytes) -> int:
    return sum(seven_bits << shift for seven_bits, shift in zip(size, (21, 14, 7, 0), strict=True))


def _is_amr(head: bytes, magic: bytes) -> bool:
    return head.startswith(magic) and is_run_of_frames(head, _AMR_MAGIC[magic], start=len(magic))


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
        raise Rejected(
            "The file is not in a supported video container or audio format; upload a video or audio file.",
            code=NOT_A_VIDEO,
        )
