"""Reads the header of a WAV file: whether the file should be longer than it is."""

from struct import unpack
from typing import BinaryIO

# Some writers count padding, or round up to a block.
SLACK_BYTES = 4096

_FILE_HEADER_BYTES, _CHUNK_HEADER_BYTES = 12, 8
_MAX_CHUNKS = 1000
# A program that writes to a pipe cannot state the size.
_UNKNOWN_SIZES = {0, 0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFFF - 36}


def is_cut_wave(stream: BinaryIO, size_bytes: int) -> bool:
    """Whether the header states more samples than the file has; RF64 states the size in a chunk of its own (ds64)."""
    at, long_size = _FILE_HEADER_BYTES, 0
    for _ in range(_MAX_CHUNKS):
        stream.seek(at)
        header = stream.read(_CHUNK_HEADER_BYTES + 16)
        if len(header) < _CHUNK_HEADER_BYTES:
            return False
        kind, length = unpack("<4sI", header[:_CHUNK_HEADER_BYTES])
        if kind == b"ds64":
            long_size = int.from_bytes(header[16:24], "little")
        if kind == b"data":
            stated = long_size if length in _UNKNOWN_SIZES else length
            return at + _CHUNK_HEADER_BYTES + stated > size_bytes + SLACK_BYTES
        at += _CHUNK_HEADER_BYTES + length + length % 2
    return False
