"""The part of a file that nothing accounts for."""

from pathlib import Path

import pytest

from adapters.ffmpeg.byte_map import OTHER, ByteMap
from adapters.ffmpeg.unused_bytes import MIN_DATA_BYTES, MIN_RECORDING_BYTES, inspect
from domain.model.media.packet_survey import UnusedBytes, UnusedKind

USED_BYTES = 100_000
NOISE = bytes((n * n * 31 + n // 7) % 251 for n in range(MIN_DATA_BYTES + 1000))
NULL_PACKET = b"G\x1f\xff\x10" + bytes((n * 7) % 256 for n in range(184))
HEADERS = {
    "mp4": b"\x00\x00\x00\x18ftypisom",
    "webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
    "avi": b"RIFF\x00\x10\x00\x00AVI ",
    "flv": b"FLV\x01\x05\x00\x00\x00\x09",
    "ogg": b"OggS\x00\x02",
}


def unused(tmp_path: Path, rest: bytes, *, container: str = "mpegts", is_other: bool = False) -> UnusedBytes | None:
    """What is found in a file whose first bytes are used, and that ends with these."""
    path = tmp_path / "source"
    path.write_bytes(b"\x55" * USED_BYTES + rest)
    used = ByteMap(USED_BYTES + len(rest))
    used.mark(0, USED_BYTES)
    if is_other:
        used.mark(USED_BYTES, USED_BYTES + len(rest), OTHER)
    _, found = inspect(path, used, container, is_trimmed=False)
    return found


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_begins_a_further_recording(tmp_path: Path, name: str) -> None:
    """It is found at its exact place, whatever its size."""
    found = unused(tmp_path, HEADERS[name] + NOISE[: 3 * MIN_RECORDING_BYTES])
    assert found == UnusedBytes(USED_BYTES, len(HEADERS[name]) + 3 * MIN_RECORDING_BYTES, UnusedKind.RECORDING)


def test_a_header_far_behind_is_found(tmp_path: Path) -> None:
    """Also across the blocks in which the file is read."""
    rest = bytes(3 * 1024**2 - USED_BYTES - 5) + HEADERS["flv"] + NOISE
    found = unused(tmp_path, rest)
    assert found is not None
    assert (found.start, found.kind) == (3 * 1024**2 - 5, UnusedKind.RECORDING)


def test_unknown_bytes_count_from_a_size_on(tmp_path: Path) -> None:
    """Fewer are the end of a packet or the like."""
    found = unused(tmp_path, NOISE)
    assert found is not None
    assert found.kind is UnusedKind.DATA
    assert unused(tmp_path, NOISE[: MIN_DATA_BYTES - 1000]) is None


@pytest.mark.parametrize(
    "rest",
    [bytes(200_000), b"\xff" * 200_000, NULL_PACKET * 1100, b"TAG" + NOISE, b"ID3\x03" + NOISE],
    ids=["zeros", "ones", "null packets", "ID3v1", "ID3v2"],
)
def test_padding_and_tags_are_no_data(tmp_path: Path, rest: bytes) -> None:
    """They are still reported, because a header may claim that something else should be there."""
    found = unused(tmp_path, rest)
    assert found is not None
    assert found.kind is UnusedKind.PADDING


def test_packets_of_tracks_that_are_not_played_are_a_further_recording(tmp_path: Path) -> None:
    """It has tracks of its own."""
    found = unused(tmp_path, NOISE[:20_000], is_other=True)
    assert found is not None
    assert found.kind is UnusedKind.RECORDING
    assert unused(tmp_path, NOISE[:5000], is_other=True) is None
