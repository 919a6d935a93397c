"""What the packets of a file say: how long its tracks are, and which of its bytes no packet uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class UnusedKind(StrEnum):
    """What a part of a file is that no packet lies in: zeros and the like, a further recording, or anything else."""

    PADDING = "padding"
    RECORDING = "recording"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class UnusedBytes:
    """The part of a file that no packet lies in, without the index and the metadata of the container."""

    start: int
    size_bytes: int
    kind: UnusedKind


@dataclass(frozen=True, slots=True)
class TrackPackets:
    """The packets of one track, on a timeline without jumps.

    `held_s` is how much longer the last frame, at `last_s`, lasts than the frames before it, if that is noticeable.
    `shifts_s` has an entry for each position where the times of the track restart: the seconds to add to all times from
    there on. `key_s` is the first key frame: what comes before it cannot be decoded, and is not counted.
    `lost_count` packets belong to a further recording, but ffmpeg does not decode them.
    """

    index: int
    packet_count: int
    start_s: float
    end_s: float
    last_s: float = 0.0
    held_s: float = 0.0
    shifts_s: tuple[float, ...] = ()
    lost_count: int = 0
    key_s: float | None = None

    @property
    def duration_s(self) -> float:
        """From the presentation of the first packet to the end of the last."""
        return self.end_s - self.start_s

    @property
    def decodable_from_s(self) -> float:
        """The first key frame; the first packet if there is none."""
        return self.start_s if self.key_s is None else self.key_s

    @property
    def decodable_s(self) -> float:
        """From the first key frame to the end of the last packet."""
        return self.end_s - self.decodable_from_s


@dataclass(frozen=True, slots=True)
class PacketSurvey:
    """The result of reading every packet of a file once, without decoding.

    `tracks` are the ones that are played. `is_cut` says whether the container states that it is longer than the file;
    None if it does not state its length. If the file could not be read to its end, `is_complete` is false.
    `ignores_edits` says that the edit lists of an MP4 contradict its other headers, and were not applied. `sounding_s`
    is how long the packets of each track last, also of those that are not played.
    """

    tracks: tuple[TrackPackets, ...] = ()
    unused: UnusedBytes | None = None
    is_cut: bool | None = None
    is_complete: bool = True
    ignores_edits: bool = False
    sounding_s: Mapping[int, float] = field(default_factory=dict[int, float])

    def track(self, index: int) -> TrackPackets | None:
        """The packets of the track with this index; None if it has none."""
        return next((track for track in self.tracks if track.index == index), None)

    @property
    def start_s(self) -> float:
        """The first presentation over all tracks; 0.0 without any packet."""
        return min((track.start_s for track in self.tracks), default=0.0)

    @property
    def leading_s(self) -> float:
        """The time at the start of the file in which nothing can be decoded."""
        return min((track.decodable_from_s for track in self.tracks), default=0.0) - self.start_s

    @property
    def duration_s(self) -> float:
        """From the first presentation to the last end over all tracks; 0.0 without any packet."""
        if not self.tracks:
            return 0.0
        return max(track.end_s for track in self.tracks) - self.start_s
