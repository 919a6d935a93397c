from tests.support.builders import a_media_info


def test_a_sources_sound_is_known_by_its_codec() -> None:
    """Without an audio codec there is no audio track."""
    assert a_media_info(audio_codec="opus").has_audio
    assert not a_media_info(audio_codec=None).has_audio
