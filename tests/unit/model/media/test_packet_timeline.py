"""Times of packets, without the jumps of their clocks."""

from dataclasses import replace

import pytest

from domain.model.media.packet_survey import TrackPackets
from domain.model.media.packet_timeline import MAX_RESTARTS, Packet, PacketTimeline

PICTURE, SOUND = 0, 1


def packets(stream: int, start_s: float, end_s: float, step_s: float = 0.1) -> list[Packet]:
    """Consecutive packets of a track."""
    count = round((end_s - start_s) / step_s)
    times = [start_s + number * step_s for number in range(count)]
    return [Packet(stream, time_s, time_s, step_s, 10, None) for time_s in times]


def measured(*parts: list[Packet], clock_may_jump: bool = False) -> list[TrackPackets]:
    """The tracks of a file that stores these parts one after the other; each part is interleaved."""
    timeline = PacketTimeline([PICTURE, SOUND], clock_may_jump=clock_may_jump)
    for part in parts:
        for packet in sorted(part, key=lambda each: each.dts_s or each.pts_s or 0.0):
            timeline.add(packet)
    return list(timeline.tracks)


def both(start_s: float, end_s: float) -> list[Packet]:
    """Picture and sound of this time."""
    return [*packets(PICTURE, start_s, end_s), *packets(SOUND, start_s, end_s)]


@pytest.mark.parametrize("clock_may_jump", [False, True])
def test_a_track_lasts_from_its_first_packet_to_the_end_of_its_last(*, clock_may_jump: bool) -> None:
    """Wherever the clock begins."""
    picture, sound = measured(
        [*packets(PICTURE, 4000, 4003), *packets(SOUND, 4000.5, 4002)], clock_may_jump=clock_may_jump
    )
    assert picture.duration_s == pytest.approx(3.0)
    assert sound.duration_s == pytest.approx(1.5)
    assert (picture.packet_count, picture.held_s, picture.shifts_s) == (30, 0.0, ())


@pytest.mark.parametrize("next_s", [0.0, 40.0, -95_000.0, 2.0])
def test_a_jump_of_the_clock_takes_no_time(next_s: float) -> None:
    """Forward by more than ten seconds, or back: both tracks go on together."""
    picture, sound = measured(both(10, 13), both(next_s, next_s + 2), clock_may_jump=True)
    assert picture.duration_s == pytest.approx(5.0, abs=0.11)
    assert sound.duration_s == pytest.approx(5.0, abs=0.11)
    assert picture.shifts_s == ()


def test_a_short_gap_is_part_of_a_broadcast() -> None:
    """A rendition keeps gaps of up to ten seconds as well."""
    picture, _ = measured(both(0, 3), both(8, 10), clock_may_jump=True)
    assert picture.duration_s == pytest.approx(10.0)


def test_a_track_that_appears_after_a_jump_belongs_to_its_time() -> None:
    """Its first packet is compared with those of the other track."""
    picture, sound = measured(packets(PICTURE, 0, 3), packets(SOUND, 50, 52), clock_may_jump=True)
    assert (picture.end_s, sound.start_s) == (pytest.approx(3.0), pytest.approx(2.9))


def test_a_long_gap_is_part_of_a_recording() -> None:
    """In a container with an index the times are those of the recording."""
    picture, _ = measured(both(0, 3), both(63, 64))
    assert picture.duration_s == pytest.approx(64.0)


def test_recordings_in_a_row_last_as_long_as_all_of_them() -> None:
    """Times that begin again are moved behind the recording before."""
    picture, sound = measured(both(0, 3), both(0, 2), both(0, 1))
    assert picture.duration_s == pytest.approx(6.0)
    assert picture.shifts_s == (pytest.approx(3.0), pytest.approx(5.0))
    assert sound.shifts_s == picture.shifts_s


def test_picture_and_sound_are_moved_by_the_same_time() -> None:
    """Behind the end of the longer one, so that they stay in sync."""
    first = [*packets(PICTURE, 0, 3), *packets(SOUND, 0, 3.4)]
    picture, sound = measured(first, both(0, 2))
    assert picture.shifts_s == sound.shifts_s == (pytest.approx(3.4),)


def test_a_track_that_has_ended_need_not_restart() -> None:
    """A later recording may be silent."""
    picture, sound = measured(both(0, 3), packets(PICTURE, 0, 2))
    assert picture.shifts_s == (pytest.approx(3.0),)
    assert (sound.shifts_s, sound.end_s) == ((), pytest.approx(3.0))


def test_a_track_that_restarts_alone_is_not_moved() -> None:
    """It would be out of sync with the other one, which goes on."""
    timeline = PacketTimeline([PICTURE, SOUND], clock_may_jump=False)
    for packet in [*both(0, 3), *packets(SOUND, 1, 2), *packets(PICTURE, 3, 4)]:
        timeline.add(packet)
    assert [track.shifts_s for track in timeline.tracks] == [(), ()]


def test_very_many_recordings_are_not_moved() -> None:
    """The expression of the filter would be too long."""
    few, many = (measured(*[both(0, 1)] * count) for count in (MAX_RESTARTS + 1, MAX_RESTARTS + 2))
    assert len(few[0].shifts_s) == MAX_RESTARTS
    assert many[0].shifts_s == ()


def test_frames_out_of_order_are_no_restart() -> None:
    """Their decoding times rise; some packets have none."""
    order = [0.0, 0.8, 0.4, 0.2, 0.6, 1.6, 1.2]
    timeline = PacketTimeline([PICTURE], clock_may_jump=False)
    for number, pts_s in enumerate(order):
        timeline.add(Packet(PICTURE, pts_s, None if number == 3 else number * 0.2, 0.2, 10, None))
    (picture,) = timeline.tracks
    assert (picture.shifts_s, picture.end_s) == ((), pytest.approx(1.8))


def test_times_of_presentation_alone_restart_too() -> None:
    """By more than frames can be out of order."""
    part = [Packet(PICTURE, number * 1.0, None, 1.0, 10, None) for number in range(10)]
    timeline = PacketTimeline([PICTURE], clock_may_jump=False)
    for packet in [*part, *part]:
        timeline.add(packet)
    assert timeline.tracks[0].duration_s == pytest.approx(20.0)


def test_a_last_frame_may_be_held() -> None:
    """A slide is shown until the end of a presentation."""
    picture, *_ = measured([*packets(PICTURE, 0, 3), Packet(PICTURE, 3.0, 3.0, 10.0, 10, None)])
    assert picture.end_s == pytest.approx(13.0)
    assert (picture.last_s, picture.held_s) == (3.0, pytest.approx(9.9))


def test_a_last_packet_without_a_duration_lasts_as_long_as_the_others() -> None:
    """Matroska stores none."""
    picture, *_ = measured([Packet(PICTURE, number * 0.5, number * 0.5, 0.0, 10, None) for number in range(5)])
    assert picture.end_s == pytest.approx(2.5)


def test_packets_that_an_edit_list_hides_are_not_measured() -> None:
    """They are lost only if their times begin again, as at the start of a further recording."""
    hidden = [Packet(PICTURE, time_s, time_s, 0.1, 10, None, is_discarded=True) for time_s in (-0.1, 0.0, 0.1)]
    picture, *_ = measured([*hidden, *packets(PICTURE, 0.2, 3)])
    assert (picture.start_s, picture.packet_count, picture.lost_count) == (0.2, 28, 0)
    picture, *_ = measured(packets(PICTURE, 0, 3), hidden)
    assert picture.lost_count == 3


def test_a_broadcast_may_begin_between_two_key_frames() -> None:
    """What comes before the first one cannot be decoded; a track without any is taken as it is."""
    torn = [replace(packet, is_key=False) for packet in packets(PICTURE, 0, 1.6)]
    picture, *_ = measured([*torn, *packets(PICTURE, 1.6, 3)])
    assert (picture.start_s, picture.packet_count) == (0.0, 14)
    assert picture.decodable_s == pytest.approx(1.4)
    picture, *_ = measured(torn)
    assert (picture.packet_count, picture.decodable_s) == (16, pytest.approx(1.6))


def test_empty_packets_are_no_frames() -> None:
    """They repeat the frame before, and take its time."""
    empty = [Packet(PICTURE, time_s, time_s, 0.1, 0, None) for time_s in (3.0, 3.1)]
    picture, *_ = measured([*packets(PICTURE, 0, 3), *empty])
    assert (picture.packet_count, picture.end_s) == (30, pytest.approx(3.2))


def test_packets_of_other_tracks_and_without_times_are_not_measured() -> None:
    """Subtitles may be shown for longer than the video."""
    timeline = PacketTimeline([PICTURE], clock_may_jump=False)
    timeline.add(Packet(7, 100.0, 100.0, 1.0, 10, None))
    timeline.add(Packet(PICTURE, None, None, 1.0, 10, None))
    assert timeline.tracks == ()
    timeline.add(Packet(PICTURE, 1.0, None, 0.5, 10, None))
    assert (timeline.tracks[0].packet_count, timeline.tracks[0].duration_s) == (2, 0.5)
