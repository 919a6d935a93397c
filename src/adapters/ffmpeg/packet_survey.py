"""Parses ffprobe's list of packets line by line into a survey of the file."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from adapters.ffmpeg.byte_map import OTHER, USED, ByteMap
from adapters.ffmpeg.edit_lists import Edits
from adapters.ffmpeg.probe_packet import parse_packet
from adapters.ffmpeg.unused_bytes import inspect
from domain.model.media.packet_survey import PacketSurvey
from domain.model.media.packet_timeline import Packet, PacketTimeline
from domain.model.media.sounding_times import SoundingTimes

# The demuxers whose clock may jump; ffmpeg removes the jumps (AVFMT_TS_DISCONT).
JUMPING_CONTAINERS = frozenset({"mpegts", "mpeg", "ogg"})


class SurveyParser:
    """Reads the lines of `probe_arguments.surveying`; lines in any other format are ignored.

    `played` are the tracks to measure; `passive` the streams that never hold another recording: subtitles, data and
    the like. In the containers whose clock may jump, a recording that follows may have tracks of its own, which
    ffmpeg does not play: there, only the played tracks and the passive streams count as used.
    """

    def __init__(
        self,
        container: str,
        size_bytes: int,
        *,
        played: Collection[int],
        passive: Collection[int] = (),
        edits: Edits = Edits.NONE,
    ) -> None:
        self._container = container
        self._edits = edits
        may_jump = container in JUMPING_CONTAINERS
        self._timeline = PacketTimeline(played, clock_may_jump=may_jump)
        self._sounding = SoundingTimes()
        self._bytes = ByteMap(size_bytes)
        self._first_position = size_bytes
        self._page = (-1, 0)
        self._accounted = frozenset({*played, *passive}) if may_jump else None

    def __call__(self, line: str) -> None:
        """Read one line."""
        packet = parse_packet(line)
        if packet is not None:
            self.add(packet)

    def add(self, packet: Packet) -> None:
        """Take one packet, in stored order."""
        self._timeline.add(packet)
        self._sounding.add(packet)
        if packet.position is not None:
            self._first_position = min(self._first_position, packet.position)
            is_used = self._accounted is None or packet.stream in self._accounted
            start = self._start_in_page(packet.position, packet.size_bytes)
            self._bytes.mark(start, start + max(1, packet.size_bytes), USED if is_used else OTHER)

    def _start_in_page(self, position: int, size_bytes: int) -> int:
        """Where a packet begins: of all packets in an Ogg page, ffprobe states the start of the page."""
        page, end = self._page
        start = end if position == page else position
        self._page = (position, start + size_bytes)
        return start

    def survey(self, path: Path, *, is_complete: bool) -> PacketSurvey:
        """The survey, after the last line; it reads the structure of the file's container."""
        if self._timeline.tracks:  # Before the first packet are the headers of the container.
            self._bytes.mark(0, self._first_position)
        layout, unused = inspect(path, self._bytes, self._container, is_trimmed=self._edits is Edits.TRIMMED)
        tracks = self._timeline.tracks
        if not layout.later_starts:  # An edit list may discard packets with earlier times, too.
            tracks = tuple(replace(track, lost_count=0) for track in tracks)
        return PacketSurvey(
            tracks,
            unused,
            layout.is_cut,
            is_complete=is_complete,
            ignores_edits=self._edits is Edits.FALSE,
            sounding_s=self._sounding.seconds,
        )
