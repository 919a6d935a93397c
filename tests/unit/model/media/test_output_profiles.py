from domain.model.media.output_profiles import rendition_content_type
from tests.support.builders import a_media_info


def test_sound_alone_is_no_video() -> None:
    """Both types name an MP4."""
    assert rendition_content_type(a_media_info()) == "video/mp4"
    assert rendition_content_type(a_media_info(video_codec=None)) == "audio/mp4"
