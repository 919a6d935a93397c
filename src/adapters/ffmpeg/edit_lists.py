"""Reads the edit lists of an MP4: whether they trim the media on purpose, or contradict the other headers."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from struct import error as struct_error
from struct import iter_unpack, unpack_from
from typing import BinaryIO

from domain.model.media.rendition_check import duration_tolerance_s

MAX_INDEX_BYTES = 256 * 1024**2

_HEADER_BYTES = 8
_EMPTY_EDIT = -1


class Edits(Enum):
    """What the edit lists do: nothing of note, a trim that the other headers confirm, or one that they contradict."""

    NONE = auto()
    TRIMMED = auto()
    FALSE = auto()


@dataclass(frozen=True, slots=True)
class _Track:
    """The durations that a track's boxes state, in seconds; `edited_s` excludes the empty edits."""

    samples_s: float
    media_s: float
    shown_s: float
    edited_s: float
    empty_s: float

    @property
    def edits(self) -> Edits:
        """A trim is confirmed if the media header counts all samples, and the track header the edits only."""
        tolerance_s = duration_tolerance_s(self.samples_s)
        if self.edited_s >= self.samples_s - tolerance_s:
            return Edits.NONE
        counts_samples = abs(self.media_s - self.samples_s) <= tolerance_s
        counts_edits = abs(self.shown_s - self.edited_s - self.empty_s) <= tolerance_s
        return Edits.TRIMMED if self.edited_s > 0 and counts_samples and counts_edits else Edits.FALSE


def edits_of(path: Path) -> Edits:
    """What the edit lists of an MP4 do; `NONE` if the index cannot be parsed."""
    try:
        with path.open("rb") as stream:
            movie = _index(stream, path.stat().st_size)
        found = {track.edits for track in _tracks(movie)}
    except (struct_error, LookupError, ZeroDivisionError):
        return Edits.NONE
    return next((edits for edits in (Edits.FALSE, Edits.TRIMMED) if edits in found), Edits.NONE)


def _index(stream: BinaryIO, size_bytes: int) -> memoryview:
    """The content of the first `moov`; empty if there is none, or if it is too large."""
    at = 0
    while at + _HEADER_BYTES <= size_bytes:
        stream.seek(at)
        header = stream.read(2 * _HEADER_BYTES)
        length, kind = unpack_from(">I4s", header)
        header_bytes = _HEADER_BYTES
        if length == 1:
            (length,), header_bytes = unpack_from(">Q", header, _HEADER_BYTES), 2 * _HEADER_BYTES
        if kind == b"moov" and length <= MAX_INDEX_BYTES:
            stream.seek(at + header_bytes)
            return memoryview(stream.read(max(0, length - header_bytes)))
        if length < header_bytes:
            break
        at += length
    return memoryview(b"")


def _tracks(movie: memoryview) -> Iterator[_Track]:
    """The tracks that have an edit list and samples."""
    if not movie:
        return
    movie_scale, _ = _times(_only(movie, "mvhd"))
    for kind, track in _boxes(movie):
        edits = dict(_boxes(track)).get("edts") if kind == "trak" else None
        edit_list = None if edits is None else dict(_boxes(edits)).get("elst")
        if edit_list is not None:
            yield _track(track, list(_entries(edit_list)), movie_scale)


def _track(track: memoryview, entries: list[tuple[int, int]], movie_scale: int) -> _Track:
    scale, media_duration = _times(_only(track, "mdia", "mdhd"))
    samples = _only(track, "mdia", "minf", "stbl", "stts")
    ticks = sum(count * delta for count, delta in iter_unpack(">II", samples[8 : len(samples) // 8 * 8]))
    return _Track(
        samples_s=ticks / scale,
        media_s=media_duration / scale,
        shown_s=_shown(_only(track, "tkhd")) / movie_scale,
        edited_s=sum(length for length, start in entries if start != _EMPTY_EDIT) / movie_scale,
        empty_s=sum(length for length, start in entries if start == _EMPTY_EDIT) / movie_scale,
    )


def _times(header: memoryview) -> tuple[int, int]:
    """The time scale and the duration of an `mvhd` or `mdhd`."""
    scale, duration = unpack_from(">IQ", header, 20) if header[0] == 1 else unpack_from(">II", header, 12)
    return int(scale), int(duration)


def _shown(header: memoryview) -> int:
    """The duration of a `tkhd`."""
    (duration,) = unpack_from(">Q", header, 28) if header[0] == 1 else unpack_from(">I", header, 20)
    return int(duration)


def _entries(edit_list: memoryview) -> Iterator[tuple[int, int]]:
    """The length and the first media time of each edit."""
    form = ">QqI" if edit_list[0] == 1 else ">IiI"
    (count,) = unpack_from(">I", edit_list, 4)
    entry_bytes = 20 if edit_list[0] == 1 else 12
    content = edit_list[8 : 8 + min(count, len(edit_list) // entry_bytes) * entry_bytes]
    for length, start, _rate in iter_unpack(form, content[: len(content) // entry_bytes * entry_bytes]):
        yield length, start


def _only(parent: memoryview, *path: str) -> memoryview:
    found = parent
    for kind in path:
        found = dict(_boxes(found))[kind]
    return found


def _boxes(parent: memoryview) -> Iterator[tuple[str, memoryview]]:
    at = 0
    while at + _HEADER_BYTES <= len(parent):
        length, kind = unpack_from(">I4s", parent, at)
        if length < _HEADER_BYTES:
            return
        yield kind.decode("latin-1"), parent[at + _HEADER_BYTES : at + length]
        at += length
