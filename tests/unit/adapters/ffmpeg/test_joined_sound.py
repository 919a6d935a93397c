"""The beginning of a filter graph of sound."""

from dataclasses import replace

from adapters.ffmpeg.joined_sound import sound_source
from domain.model.media.media_info import AudioTrack
from domain.model.media.packet_survey import PacketSurvey, TrackPackets
from tests.support.builders import a_media_info


def test_one_track_is_taken_as_it_is() -> None:
    """It is only put in sync."""
    media = replace(a_media_info(), sound=AudioTrack(3, 1))
    assert sound_source(media, "aresample=async=1") == "[0:3]aresample=async=1"


def test_two_tracks_are_left_and_right() -> None:
    """Each with its own restarts."""
    tracks = (TrackPackets(1, 9, 0.0, 9.0), TrackPackets(2, 9, 0.0, 9.0, shifts_s=(4.0,)))
    media = replace(a_media_info(), sound=AudioTrack(1, 2, right_index=2), packets=PacketSurvey(tracks))
    left, right, mix = sound_source(media, "aresample=async=1").split(";")
    assert left == "[0:1]aresample=async=1,aformat=sample_fmts=fltp,pan=stereo|c0=c0[left]"
    assert right.startswith("[0:2]asetpts=")
    assert right.endswith(",aresample=async=1,aformat=sample_fmts=fltp,pan=stereo|c1=c0[right]")
    assert mix == "[left][right]amix=inputs=2:normalize=0"
