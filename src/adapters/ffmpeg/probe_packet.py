"""One packet of ffprobe's report; numbers in an unexpected format are unknown."""

import re

import msgspec

from adapters.ffmpeg.probe_stream import SideData
from domain.model.media.packet_timeline import Packet

_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,9})?", re.ASCII)
_INTEGER = re.compile(r"\d{1,18}", re.ASCII)
_MIN_FIELDS = 7
_DISCARDED, _KEY = "D", "K"


class ListedPacket(msgspec.Struct):
    """A packet as ffprobe describes it: all but the index of its stream is text."""

    stream_index: int = -1
    pts_time: str = ""
    dts_time: str = ""
    duration_time: str = ""
    size: str = ""
    pos: str = ""
    flags: str = ""
    side_data_list: list[SideData] = []

    @property
    def packet(self) -> Packet:
        """The packet with its numbers."""
        return Packet(
            stream=self.stream_index,
            pts_s=_seconds(self.pts_time),
            dts_s=_seconds(self.dts_time),
            duration_s=max(0.0, _seconds(self.duration_time) or 0.0),
            size_bytes=_integer(self.size) or 0,
            position=_integer(self.pos),
            is_discarded=_DISCARDED in self.flags,
            is_key=_KEY in self.flags,
        )


def parse_packet(line: str) -> Packet | None:
    """The packet of one line of the survey; None if the line is not a packet."""
    fields = line.split(",")
    if len(fields) < _MIN_FIELDS or not _INTEGER.fullmatch(fields[0]):
        return None
    stream, pts, dts, duration, size, position, flags = fields[:_MIN_FIELDS]
    return ListedPacket(int(stream), pts, dts, duration, size, position, flags).packet


def _seconds(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None
