"""Reads the outer structure of MP4, Matroska, AVI and FLV files: where the media is, and where the file should end."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from struct import unpack
from typing import BinaryIO

MAX_ELEMENTS = 200_000

_BOX_HEADER_BYTES = 8
_EBML_HEADER = 0x1A45DFA3
_SEGMENT = 0x18538067
_CLUSTER = 0x1F43B675
_MAX_ID_BYTES, _MAX_SIZE_BYTES = 4, 8
_RIFF_HEADER_BYTES = 12
_UNKNOWN_RIFF_SIZES = {0, 0xFFFFFFFF}
_FLV_TAG_BYTES = 11
_FLV_TAGS = {8, 9, 18}


@dataclass(frozen=True, slots=True)
class Element:
    """A range of the file, which may end beyond the file; `begins_file` marks the start of a recording."""

    start: int
    end: int
    is_media: bool = False
    begins_file: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The elements without media, and those with media up to where a second recording begins.

    `is_cut` is None if the container does not state where the file should end.
    """

    passive: tuple[tuple[int, int], ...] = ()
    media: tuple[tuple[int, int], ...] = ()
    second_start: int | None = None
    is_cut: bool | None = None


def layout_of(stream: BinaryIO, size_bytes: int, container: str) -> Layout:
    """The layout of a file in this container (ffmpeg's short name); an empty layout for a container of another kind."""
    if container == "flv":
        return Layout(is_cut=_is_cut_flv(stream, size_bytes))
    if container not in _READERS:
        return Layout()
    elements = list(islice(_READERS[container](stream, size_bytes), MAX_ELEMENTS))
    starts = [element.start for element in elements if element.begins_file]
    second_start = starts[1] if len(starts) > 1 else None
    ends_at = size_bytes if second_start is None else second_start
    return Layout(
        passive=tuple((element.start, element.end) for element in elements if not element.is_media),
        media=tuple((each.start, each.end) for each in elements if each.is_media and each.start < ends_at),
        second_start=second_start,
        is_cut=any(element.end > size_bytes for element in elements),
    )


def _boxes(stream: BinaryIO, size_bytes: int) -> Iterator[Element]:
    """The top-level boxes of ISO/IEC 14496-12; only `mdat` holds media."""
    at, has_ftyp = 0, False
    while at + _BOX_HEADER_BYTES <= size_bytes:
        header = _read(stream, at, 2 * _BOX_HEADER_BYTES)
        length, kind = unpack(">I4s", header[:_BOX_HEADER_BYTES])
        if length == 1 and len(header) == 2 * _BOX_HEADER_BYTES:
            (length,) = unpack(">Q", header[8:])
        elif length == 0:
            length = size_bytes - at
        if length < _BOX_HEADER_BYTES or not kind.isascii() or not kind.replace(b" ", b"").isalnum():
            return
        has_ftyp = has_ftyp or kind == b"ftyp"
        begins = kind == (b"ftyp" if has_ftyp else b"moov")
        yield Element(at, at + length, is_media=kind == b"mdat", begins_file=begins)
        at += length


def _ebml(stream: BinaryIO, size_bytes: int) -> Iterator[Element]:
    """The elements of RFC 8794 down to the children of a Segment; only a Cluster holds media."""
    at = 0
    while at < size_bytes:
        header = _read(stream, at, _MAX_ID_BYTES + _MAX_SIZE_BYTES)
        identifier, id_bytes = _variable(header, keeps_marker=True)
        length, length_bytes = _variable(header[id_bytes:], keeps_marker=False)
        if not 0 < id_bytes <= _MAX_ID_BYTES or length_bytes == 0:
            return
        content = at + id_bytes + length_bytes
        is_unknown = length == (1 << 7 * length_bytes) - 1
        if identifier == _SEGMENT:
            # Its children follow; the element itself only states where it ends.
            yield Element(content if is_unknown else content + length, content if is_unknown else content + length)
            at = content
            continue
        if is_unknown:
            return
        yield Element(at, content + length, is_media=identifier == _CLUSTER, begins_file=identifier == _EBML_HEADER)
        at = content + length


def _chunks(stream: BinaryIO, size_bytes: int) -> Iterator[Element]:
    """The RIFF chunks of an AVI; only the list `movi` holds media."""
    at = 0
    while at + _RIFF_HEADER_BYTES <= size_bytes:
        kind, length, form = unpack("<4sI4s", _read(stream, at, _RIFF_HEADER_BYTES))
        if not kind.isascii() or not kind.strip().isalnum():
            return
        end = at + _BOX_HEADER_BYTES + length + length % 2
        if kind == b"RIFF":
            claim = at if length in _UNKNOWN_RIFF_SIZES else end - length % 2
            yield Element(at, at + _RIFF_HEADER_BYTES, begins_file=form == b"AVI ")
            yield Element(claim, claim)
            at += _RIFF_HEADER_BYTES
            continue
        is_media = kind == b"LIST" and form == b"movi"
        if length in _UNKNOWN_RIFF_SIZES and is_media:
            return
        yield Element(at, end - length % 2, is_media=is_media)
        at = end


def _is_cut_flv(stream: BinaryIO, size_bytes: int) -> bool:
    """Whether the file does not end with a whole tag and its length (Adobe FLV specification, annex E)."""
    (tag_bytes,) = unpack(">I", _read(stream, max(0, size_bytes - 4), 4).rjust(4, b"\0"))
    if not _FLV_TAG_BYTES <= tag_bytes <= size_bytes - 4:
        return True
    tag = _read(stream, size_bytes - 4 - tag_bytes, 4)
    return tag[0] not in _FLV_TAGS or int.from_bytes(tag[1:4], "big") + _FLV_TAG_BYTES != tag_bytes


def _read(stream: BinaryIO, at: int, count: int) -> bytes:
    stream.seek(at)
    return stream.read(count)


def _variable(content: bytes, *, keeps_marker: bool) -> tuple[int, int]:
    """A variable-size integer and its length in bytes; the length is 0 if there is none."""
    if not content or content[0] == 0:
        return 0, 0
    length = 9 - content[0].bit_length()
    if len(content) < length:
        return 0, 0
    number = int.from_bytes(content[:length], "big")
    return (number if keeps_marker else number & ((1 << 7 * length) - 1)), length


_READERS = {"mov": _boxes, "matroska": _ebml, "avi": _chunks}
