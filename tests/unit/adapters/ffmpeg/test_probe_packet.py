"""Packets as ffprobe describes them."""

import pytest

from adapters.ffmpeg.probe_packet import ListedPacket, parse_packet
from domain.model.media.packet_timeline import Packet


def test_a_line_is_a_packet() -> None:
    """Newer versions add a flag, and side data as further fields."""
    packet = Packet(1, -0.021333, -0.021333, 0.021333, 298, 671)
    assert parse_packet("1,-0.021333,-0.021333,0.021333,298,671,K_") == packet
    assert parse_packet("1,-0.021333,-0.021333,0.021333,298,671,K__,") == packet


def test_what_is_unknown_is_none() -> None:
    """A packet inside of a larger one has no position."""
    assert parse_packet("0,N/A,N/A,N/A,298,N/A,KD") == Packet(0, None, None, 0.0, 298, None, is_discarded=True)
    assert parse_packet("0,nan,1e308,-1.0,x,-1,__") == Packet(0, None, None, 0.0, 0, None, is_key=False)


@pytest.mark.parametrize("line", ["", "side_data,", "packet", "x,1.0,1.0,0.04,1,2,K_", "0,1.0,1.0"])
def test_other_lines_are_ignored(line: str) -> None:
    """Side data may have lines of its own."""
    assert parse_packet(line) is None


def test_both_formats_mean_the_same() -> None:
    """The report leaves out what is unknown."""
    assert ListedPacket(0, "1.5", "", "0.04", "9", "", "KD").packet == parse_packet("0,1.5,N/A,0.04,9,N/A,KD")
