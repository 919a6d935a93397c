"""Parses what yt-dlp prints about a video and its progress, line by line."""

from typing import TypeVar

import msgspec

from adapters.ytdlp.arguments import ABOUT, DONE, PROGRESS, STREAMS
from domain.ports.progress import OnProgress

T = TypeVar("T")

_LIVE = frozenset({"is_live", "is_upcoming", "post_live"})
_TOO_LARGE = "File is larger than max-filesize"


class _About(msgspec.Struct, frozen=True):
    duration: float | None = None
    live_status: str | None = None
    is_live: bool | None = None


class _Stream(msgspec.Struct, frozen=True):
    format_id: str = ""
    filesize: float | None = None
    filesize_approx: float | None = None


class _Done(msgspec.Struct, frozen=True):
    title: str | None = None


class Report:
    """Parses lines and reports the progress over all streams, which are fetched one after the other."""

    def __init__(self, on_progress: OnProgress) -> None:
        self.is_done = False
        self.is_live = False
        self.is_too_large = False
        self.duration_s = 0.0
        self.title: str | None = None
        self.downloaded_bytes = 0.0
        self._weights: dict[str, float] = {}
        self._on_progress = on_progress

    def __call__(self, line: str) -> None:
        kind, _, rest = line.partition(" ")
        if kind == PROGRESS:
            self._read_progress(rest)
        elif kind == ABOUT:
            about = _decoded(rest, _About, _About())
            self.is_live = about.is_live is True or about.live_status in _LIVE
            self.duration_s = about.duration or 0.0
        elif kind == STREAMS:
            self._weights = _weights(_decoded(rest, list[_Stream], []))
        elif kind == DONE:
            self.is_done = True
            self.title = _decoded(rest, _Done, _Done()).title
        elif _TOO_LARGE in line:
            self.is_too_large = True

    def _read_progress(self, rest: str) -> None:
        downloaded, total, estimate, stream = (*rest.split(" ", 3), "", "", "", "")[:4]
        self.downloaded_bytes = _number(downloaded)
        expected = _number(total) or _number(estimate)
        if expected:
            self._on_progress(100 * self._share(stream, min(self.downloaded_bytes / expected, 1.0)))

    def _share(self, stream: str, fetched: float) -> float:
        """The fetched share of all streams, given the fetched share of this one."""
        if stream not in self._weights:
            return fetched
        names = list(self._weights)
        before = sum(self._weights[name] for name in names[: names.index(stream)])
        return (before + fetched * self._weights[stream]) / sum(self._weights.values())


def _weights(streams: list[_Stream]) -> dict[str, float]:
    """The sizes of the streams in order; all 1 if any size is unknown."""
    sizes = {stream.format_id: stream.filesize or stream.filesize_approx or 0.0 for stream in streams}
    return sizes if all(size > 0 for size in sizes.values()) else dict.fromkeys(sizes, 1.0)


def _decoded(text: str, shape: type[T], otherwise: T) -> T:
    """The decoded JSON, or `otherwise`: unknown values are printed as `NA`, and a line is truncated at 4 KiB."""
    try:
        return msgspec.json.decode(text, type=shape)
    except msgspec.DecodeError:
        return otherwise


def _number(text: str) -> float:
    """A positive, finite number, or 0."""
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if 0 < number < float("inf") else 0.0
