"""The decoded frames of a video: how many there are, and how long each kind of picture lasts."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from domain.model.media.media_info import is_hdr_transfer

# More kinds than any recording has. In a damaged file, every frame may have another size.
MAX_KINDS = 64
MAX_SPANS = 32

_SHORTEST_S, _LONGEST_S = 1.0, 10.0
_SHARE, _SHARE_OF_SHORT = 0.05, 0.25
_MIN_FRAMES = 2

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class FrameKind:
    """The properties of a decoded frame, upright; names of formats and colours are ffmpeg's.

    `pixel_aspect` is a pixel's displayed width divided by its height.
    """

    width: int
    height: int
    pixel_aspect: float = 1.0
    pixel_format: str = ""
    is_interlaced: bool = False
    matrix: str = ""
    transfer: str = ""

    @property
    def is_hdr(self) -> bool:
        """Whether the transfer function is PQ or HLG."""
        return is_hdr_transfer(self.transfer)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a video, in seconds."""

    start_s: float
    end_s: float


@dataclass(slots=True)
class Extent:
    """The number of frames of one kind, and how long they are shown altogether."""

    frames: int = 0
    seconds: float = 0.0


class FrameLog:
    """Collects frames in the order of presentation, in bounded memory.

    A frame lasts until the next one; the last one lasts as long as the one before it. Beyond `MAX_KINDS` kinds, the
    shortest one is forgotten; beyond `MAX_SPANS` spans of HDR, the last one continues.
    """

    def __init__(self) -> None:
        self.frame_count = 0
        self.last_s = 0.0
        self.duration_s = 0.0
        self._extents: dict[FrameKind, Extent] = {}
        self._latest: FrameKind | None = None
        self._latest_step_s = 0.0
        self._hdr_spans: list[Span] = []

    def add(self, time_s: float, kind: FrameKind) -> None:
        """Add the next frame."""
        if self._latest is not None:
            self._latest_step_s = max(0.0, time_s - self.last_s)
            self._lengthen(self._latest, self._latest_step_s)
        self._count_hdr(time_s, kind)
        self.frame_count += 1
        self._extent(kind).frames += 1
        self.last_s, self._latest = time_s, kind

    def end(self) -> None:
        """Add the duration of the last frame."""
        if self._latest is not None:
            self._lengthen(self._latest, self._latest_step_s)
            self._latest = None

    @property
    def kinds(self) -> tuple[FrameKind, ...]:
        """The kinds of frames, in order of appearance."""
        return tuple(self._extents)

    @property
    def hdr_spans(self) -> tuple[Span, ...]:
        """The parts of the video that are HDR; the last one has no end if the video ends with it."""
        return tuple(self._hdr_spans)

    def lasting(self, property_of: Callable[[FrameKind], _Key]) -> dict[_Key, float]:
        """The values of a property that last, with their seconds, in order of appearance.

        A value lasts if it is shown for a second in a short video, 5 % of a longer one, or 10 s, by more than one
        frame. If none does, it is the value that is shown longest.
        """
        extents: dict[_Key, Extent] = {}
        for kind, extent in self._extents.items():
            total = extents.setdefault(property_of(kind), Extent())
            total.frames += extent.frames
            total.seconds += extent.seconds
        least_s = _least_s(self.duration_s)
        values = {
            value: extent.seconds
            for value, extent in extents.items()
            if extent.seconds >= least_s and extent.frames >= _MIN_FRAMES
        }
        if values or not extents:
            return values
        longest = max(extents, key=lambda value: extents[value].seconds)
        return {longest: extents[longest].seconds}

    def _lengthen(self, kind: FrameKind, seconds: float) -> None:
        self._extent(kind).seconds += seconds
        self.duration_s += seconds

    def _extent(self, kind: FrameKind) -> Extent:
        extent = self._extents.get(kind)
        if extent is None:
            if len(self._extents) == MAX_KINDS:
                del self._extents[min(self._extents, key=lambda known: self._extents[known].seconds)]
            extent = self._extents[kind] = Extent()
        return extent

    def _count_hdr(self, time_s: float, kind: FrameKind) -> None:
        was_hdr = bool(self._hdr_spans) and self._hdr_spans[-1].end_s == float("inf")
        if kind.is_hdr and not was_hdr:
            if len(self._hdr_spans) == MAX_SPANS:
                time_s = self._hdr_spans.pop().start_s
            self._hdr_spans.append(Span(time_s, float("inf")))
        elif was_hdr and not kind.is_hdr:
            self._hdr_spans[-1] = Span(self._hdr_spans[-1].start_s, time_s)


def _least_s(duration_s: float) -> float:
    """How long a part must last to decide about the rendition; less for a video of a few seconds."""
    return min(max(_SHORTEST_S, _SHARE * duration_s), _LONGEST_S, _SHARE_OF_SHORT * duration_s)
