"""Finds the part of a file that neither the packets nor the structure of its container account for."""

import re
from pathlib import Path
from typing import BinaryIO

from adapters.ffmpeg.byte_map import ByteMap, Run
from adapters.ffmpeg.container_layout import Layout, layout_of
from domain.model.media.packet_survey import UnusedBytes, UnusedKind

# Less than this is the rest of a page, an incomplete packet or the like.
MIN_RECORDING_BYTES = 4096
MIN_DATA_BYTES = 64 * 1024
MIN_DATA_SHARE = 0.01
# A further recording may have other tracks; the played tracks of a multiplex pause for less than this share.
MIN_OTHER_SHARE = 0.05

_BLOCK_BYTES = 1024 * 1024
_MAX_SCANNED_BYTES = 256 * _BLOCK_BYTES
_OVERLAP_BYTES = 256
_HEADERS = re.compile(
    rb"\x00\x00[\x00-\x03].ftyp[0-9A-Za-z ]{4}"
    rb"|\x1aE\xdf\xa3.{1,128}?B\x82.{1,8}?(?:matroska|webm)"
    rb"|RIFF.{4}AVI "
    rb"|FLV\x01[\x01\x04\x05]\x00\x00\x00\x09"
    rb"|OggS\x00\x02",
    re.DOTALL,
)
_TAGS = re.compile(rb"ID3[\x02-\x04]|TAG|APETAGEX")
_MAX_TAG_BYTES = 16
# A null packet of a transport stream (ISO/IEC 13818-1, 2.4.1); its payload may have any value.
_NULL_PACKET = re.compile(rb"G[\x1f\x3f\x5f\x7f]\xff")
_TS_PACKET_BYTES = 188


def inspect(path: Path, used: ByteMap, container: str, *, is_trimmed: bool) -> tuple[Layout, UnusedBytes | None]:
    """The layout of the file, and the part of it that most needs to be accounted for; None if all of it is.

    `is_trimmed` says that the file hides some of its media on purpose.
    """
    size_bytes = path.stat().st_size
    with path.open("rb") as stream:
        layout = layout_of(stream, size_bytes, container)
        for start, end in (*layout.passive, *(layout.media if is_trimmed else ())):
            used.mark(start, end)
        runs = [run for run in used.runs() if run.size_bytes >= MIN_RECORDING_BYTES]
        found = [_classified(stream, run, layout, size_bytes) for run in runs]
    # A recording counts more than padding of any size.
    unused = [each for each in found if each is not None]
    return layout, max(unused, key=lambda each: (_RANKS[each.kind], each.size_bytes), default=None)


_RANKS = {UnusedKind.PADDING: 0, UnusedKind.DATA: 1, UnusedKind.RECORDING: 2}


def _classified(stream: BinaryIO, run: Run, layout: Layout, size_bytes: int) -> UnusedBytes | None:
    limit = max(MIN_DATA_BYTES, MIN_DATA_SHARE * size_bytes)
    if layout.second_start is not None and run.start >= layout.second_start:
        return UnusedBytes(layout.second_start, run.end - layout.second_start, UnusedKind.RECORDING)
    if run.has_other and run.size_bytes >= min(limit, MIN_OTHER_SHARE * size_bytes):
        return UnusedBytes(run.start, run.size_bytes, UnusedKind.RECORDING)
    header_at, is_padding = _scanned(stream, run)
    if header_at is not None and run.end - header_at >= MIN_RECORDING_BYTES:
        return UnusedBytes(header_at, run.end - header_at, UnusedKind.RECORDING)
    if run.size_bytes <= limit:
        return None
    return UnusedBytes(run.start, run.size_bytes, UnusedKind.PADDING if is_padding else UnusedKind.DATA)


def _scanned(stream: BinaryIO, run: Run) -> tuple[int | None, bool]:
    """Where the header of a recording begins in the run, and whether the run is padding.

    The run begins at the boundary of a cell, so what lies there may begin in the cell before it.
    """
    at = max(0, run.start - run.cell_bytes)
    stream.seek(at)
    before = stream.read(run.start - at)
    stops_at = min(run.end, run.start + _MAX_SCANNED_BYTES)
    is_padding = at_tag = True
    at = run.start
    while at < stops_at and (block := stream.read(min(_BLOCK_BYTES, stops_at - at))):
        if header := _HEADERS.search(before + block):
            return at - len(before) + header.start(), False
        if at == run.start:
            at_tag = _TAGS.search(before + block[:_MAX_TAG_BYTES]) is not None
        is_padding = is_padding and _is_padding(block)
        before, at = block[-_OVERLAP_BYTES:], at + len(block)
    return None, is_padding or at_tag


def _is_padding(block: bytes) -> bool:
    """Whether the bytes are all the same, or null packets; at its ends the block may contain other bytes."""
    middle = block[_OVERLAP_BYTES:-_OVERLAP_BYTES] or block
    if middle.count(middle[:1]) == len(middle):
        return True
    return len(_NULL_PACKET.findall(middle)) >= len(middle) // _TS_PACKET_BYTES - 1
