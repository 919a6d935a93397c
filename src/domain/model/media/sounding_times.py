"""How long the packets of each track last, whatever their times are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.model.media.packet_timeline import Packet


@dataclass(slots=True)
class _Sum:
    duration_s: float = 0.0
    first_s: float = float("inf")
    last_s: float = float("-inf")
    has_gaps: bool = False

    def add(self, packet: Packet) -> None:
        self.duration_s += packet.duration_s
        self.has_gaps = self.has_gaps or packet.duration_s == 0
        at_s = packet.dts_s if packet.pts_s is None else packet.pts_s
        if at_s is not None:
            self.first_s, self.last_s = min(self.first_s, at_s), max(self.last_s, at_s)

    @property
    def sounding_s(self) -> float:
        """The sum of the durations; if some are unknown, at least the time from the first packet to the last."""
        return max(self.duration_s, self.last_s - self.first_s) if self.has_gaps else self.duration_s


@dataclass(slots=True)
class SoundingTimes:
    """Adds up the durations of packets; in contrast to a timeline, a pause between two packets does not count."""

    _sums: dict[int, _Sum] = field(default_factory=dict[int, _Sum])

    def add(self, packet: Packet) -> None:
        """Take one packet; one outside an edit list is ignored."""
        if not packet.is_discarded:
            self._sums.setdefault(packet.stream, _Sum()).add(packet)

    @property
    def seconds(self) -> Mapping[int, float]:
        """The time for each track that has packets."""
        return {index: each.sounding_s for index, each in self._sums.items()}
