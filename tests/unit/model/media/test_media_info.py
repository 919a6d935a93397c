from dataclasses import replace

from domain.model.media.media_info import MediaKind
from domain.model.media.packet_survey import PacketSurvey, TrackPackets
from tests.support.builders import a_media_info


def test_a_source_has_audio_if_it_has_an_audio_codec() -> None:
    """Without an audio codec there is no audio track."""
    assert a_media_info(audio_codec="opus").has_audio
    assert not a_media_info(audio_codec=None).has_audio


def test_a_source_is_sound_alone_if_it_has_no_video_codec() -> None:
    """Its first track is the sound, not the picture."""
    survey = PacketSurvey((TrackPackets(0, 10, 0.0, 1.0), TrackPackets(1, 20, 0.0, 2.0)))
    video, sound = a_media_info(), a_media_info(video_codec=None)
    assert (video.kind, video.has_picture) == (MediaKind.VIDEO, True)
    assert (sound.kind, sound.has_picture) == (MediaKind.AUDIO, False)
    shown = [replace(media, packets=survey).picture_packets for media in (video, sound)]
    assert shown == [survey.tracks[0], None]
