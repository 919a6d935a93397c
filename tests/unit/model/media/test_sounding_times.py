"""How long packets last."""

from domain.model.media.packet_timeline import Packet
from domain.model.media.sounding_times import SoundingTimes


def packet(at_s: float | None, duration_s: float, *, is_discarded: bool = False) -> Packet:
    """A packet of the track 1."""
    return Packet(1, at_s, None, duration_s, 100, None, is_discarded=is_discarded)


def seconds(*packets: Packet) -> float:
    """The time of the track 1; 0.0 without packets."""
    times = SoundingTimes()
    for each in packets:
        times.add(each)
    return times.seconds.get(1, 0.0)


def test_a_pause_does_not_count() -> None:
    """Two packets at both ends of a film are no sound for all of it."""
    assert seconds(packet(0.0, 0.5), packet(7200.0, 0.5)) == 1.0


def test_unknown_durations_are_those_between_the_packets() -> None:
    """Some containers store none."""
    assert seconds(packet(1.0, 0.0), packet(None, 0.0), packet(3.0, 0.0)) == 2.0


def test_packets_outside_an_edit_list_are_not_heard() -> None:
    """Nothing is left without them."""
    assert seconds(packet(0.0, 0.5, is_discarded=True)) == 0.0
    assert seconds() == 0.0
