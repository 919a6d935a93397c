"""The figures of a survey."""

from domain.model.media.packet_survey import PacketSurvey, TrackPackets

SURVEY = PacketSurvey((TrackPackets(0, 100, 10.0, 14.0), TrackPackets(2, 170, 9.5, 13.0)))


def test_a_file_lasts_from_its_first_track_to_its_last() -> None:
    """The tracks may begin and end at different times."""
    assert (SURVEY.start_s, SURVEY.duration_s) == (9.5, 4.5)
    assert [track.duration_s for track in SURVEY.tracks] == [4.0, 3.5]


def test_a_track_is_found_by_its_index() -> None:
    """A track without packets is not in the survey."""
    assert SURVEY.track(2) is SURVEY.tracks[1]
    assert SURVEY.track(1) is None


def test_without_packets_there_is_no_duration() -> None:
    """As in a file whose index points behind its end."""
    assert (PacketSurvey().start_s, PacketSurvey().duration_s) == (0.0, 0.0)


def test_what_precedes_all_key_frames_cannot_be_decoded() -> None:
    """A broadcast may begin in the middle of a picture group; the sound may begin before the next one."""
    picture, sound = TrackPackets(0, 100, 10.0, 14.0, key_s=11.5), TrackPackets(1, 170, 10.5, 14.0, key_s=10.5)
    assert PacketSurvey((picture,)).leading_s == 1.5
    assert PacketSurvey((picture, sound)).leading_s == 0.5
    assert PacketSurvey().leading_s == 0.0
