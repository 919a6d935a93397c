"""Lays the packets of the played tracks on one timeline, and removes the jumps of their clocks."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from domain.model.media.packet_survey import TrackPackets

# The limits at which ffmpeg removes a jump from the clock of a transport stream: it applies them to decoding times.
MAX_JUMP_S = 10.0
MAX_STEP_BACK_S = 0.1
# In other containers decoding times rise within a recording; a larger step back is the start of another recording.
MIN_RESTART_S = 0.2
# Presentation times of frames that are stored out of order step back by less.
MIN_REORDERED_RESTART_S = 5.0
# Each restart costs a term of a filter expression.
MAX_RESTARTS = 50
# A last frame that is held for less is not noticed.
MIN_HELD_S = 0.5


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: its times in seconds (None: unknown), and its place in the file (None: unknown)."""

    stream: int
    pts_s: float | None
    dts_s: float | None
    duration_s: float
    size_bytes: int
    position: int | None
    is_discarded: bool = False
    is_key: bool = True


@dataclass(slots=True)
class _Track:
    """What is known of a track so far; times are on the timeline, except `raw_s`, the clock of the file."""

    count: int = 0
    start_s: float = float("inf")
    end_s: float = float("-inf")
    last_s: float = float("-inf")
    last_duration_s: float = 0.0
    raw_s: float | None = None
    clock_s: float = 0.0
    expected_s: float = 0.0
    has_decoding_times: bool = False
    part: int = 0
    shift_s: float = 0.0
    shifts_s: list[float] = field(default_factory=list[float])
    order: int = 0
    lost_count: int = 0
    key_s: float | None = None

    @property
    def interval_s(self) -> float:
        """The average time between two packets."""
        return max(0.0, self.last_s - self.start_s) / (self.count - 1) if self.count > 1 else self.last_duration_s

    def present(self, shown_s: float, packet: Packet) -> None:
        """Take one packet that is presented at this time."""
        if self.key_s is None and packet.is_key:
            self.key_s, self.count = shown_s, 0  # What comes before the first key frame cannot be decoded.
        self.count += packet.size_bytes > 0  # An empty packet repeats the frame before it.
        self.start_s = min(self.start_s, shown_s)
        if shown_s >= self.last_s:
            self.last_s, self.last_duration_s = shown_s, packet.duration_s
        self.end_s = max(self.end_s, shown_s + packet.duration_s)


class PacketTimeline:
    """Takes the packets of a file in stored order; `tracks` are then the played ones, without jumps.

    In a transport or program stream, and in Ogg, the clock may jump; ffmpeg removes such jumps, and the same is done
    here. In other containers a gap is part of the recording. There, times that step back are the start of a further
    recording in the same file: it is moved behind the one before it.
    """

    def __init__(self, played: Iterable[int], *, clock_may_jump: bool) -> None:
        self._tracks = {index: _Track() for index in played}
        self._place = self._without_jumps if clock_may_jump else self._with_restarts
        self._jump_s = 0.0
        self._last_s: float | None = None
        self._shifts_s = [0.0]
        self._restarted_at = [0]
        self._order = 0

    def add(self, packet: Packet) -> None:
        """Take one packet; packets of other tracks are ignored, and so are those outside an edit list."""
        track = self._tracks.get(packet.stream)
        if track is None:
            return
        if packet.is_discarded:
            track.lost_count += _is_before(packet.dts_s, track.raw_s)
            return
        self._order += 1
        track.order = self._order
        raw_s = packet.pts_s if packet.dts_s is None else packet.dts_s
        if raw_s is None:
            track.count += 1
            return
        moved_s = self._place(track, packet, raw_s)
        track.present((raw_s if packet.pts_s is None else packet.pts_s) + moved_s, packet)

    @property
    def tracks(self) -> tuple[TrackPackets, ...]:
        """The played tracks that have packets with times."""
        timed = {index: track for index, track in self._tracks.items() if track.start_s <= track.end_s}
        found = tuple(_settled(index, track) for index, track in timed.items())
        if self._is_repairable(timed.values()):
            return found
        return tuple(replace(track, shifts_s=()) for track in found)

    def _is_repairable(self, tracks: Iterable[_Track]) -> bool:
        """Whether all tracks restart together, or have ended: otherwise a repair would put them out of sync."""
        last = len(self._shifts_s) - 1
        return all(
            len(track.shifts_s) <= MAX_RESTARTS
            and (track.part == last or track.order < self._restarted_at[track.part + 1])
            for track in tracks
        )

    def _without_jumps(self, track: _Track, packet: Packet, raw_s: float) -> float:
        """The shift of this packet; it is the same for all tracks, and changes where the clock jumps."""
        at_s = raw_s + self._jump_s
        expected_s = self._last_s if track.raw_s is None else track.expected_s
        steps_back = track.raw_s is not None and at_s < track.clock_s - MAX_STEP_BACK_S
        if expected_s is not None and (steps_back or abs(at_s - expected_s) > MAX_JUMP_S):
            self._jump_s += expected_s - at_s
            at_s = expected_s
        track.raw_s, track.clock_s = raw_s, at_s
        track.expected_s = at_s + (packet.duration_s or track.interval_s)
        self._last_s = at_s
        return self._jump_s

    def _with_restarts(self, track: _Track, packet: Packet, raw_s: float) -> float:
        """The shift of this packet; it changes where the times of its track restart."""
        threshold_s = MIN_RESTART_S if packet.dts_s is not None else MIN_REORDERED_RESTART_S
        is_comparable = packet.dts_s is not None or not track.has_decoding_times
        if track.raw_s is not None and is_comparable and raw_s < track.raw_s - threshold_s:
            self._restart(track, packet, raw_s)
        track.has_decoding_times = track.has_decoding_times or packet.dts_s is not None
        track.raw_s = raw_s if is_comparable else track.raw_s
        return track.shift_s

    def _restart(self, track: _Track, packet: Packet, raw_s: float) -> None:
        """Begin a part of the track: the one that another track has begun already, or a new one."""
        if track.part == len(self._shifts_s) - 1:
            joint_s = max(each.end_s for each in self._tracks.values())
            self._shifts_s.append(joint_s - (raw_s if packet.pts_s is None else packet.pts_s))
            self._restarted_at.append(self._order)
        track.part = len(self._shifts_s) - 1
        track.shift_s = self._shifts_s[-1]
        track.shifts_s.append(track.shift_s)


def _is_before(dts_s: float | None, last_s: float | None) -> bool:
    """Whether the packet belongs to a further recording; the demuxer of fragmented MP4 discards its first packets."""
    return dts_s is not None and last_s is not None and dts_s < last_s - MIN_RESTART_S


def _settled(index: int, track: _Track) -> TrackPackets:
    interval_s = track.interval_s
    end_s = max(track.end_s, track.last_s + interval_s) if track.last_duration_s == 0 else track.end_s
    held_s = track.last_duration_s - interval_s
    return TrackPackets(
        index=index,
        packet_count=track.count,
        start_s=track.start_s,
        end_s=end_s,
        last_s=track.last_s,
        held_s=held_s if held_s > max(MIN_HELD_S, interval_s) else 0.0,
        shifts_s=tuple(track.shifts_s),
        lost_count=track.lost_count,
        key_s=track.key_s,
    )
