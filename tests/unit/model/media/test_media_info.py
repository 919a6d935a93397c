from tests.support.builders import a_media_info


def test_a_source_has_audio_if_it_has_an_audio_codec() -> None:
    """Without an audio codec there is no audio track."""
    assert a_media_info(audio_codec="opus").has_audio
    assert not a_media_info(audio_codec=None).has_audio
