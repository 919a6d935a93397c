"""Which files browsers can play unchanged."""

from domain.model.media.media_info import MediaInfo

WEBM_CONTENT_TYPE = "video/webm"

# Chrome, Firefox and Safari play these; HEVC only with the right hardware, and ProRes, AC-3 and PCM not everywhere.
_MP4_VIDEO = frozenset({"h264", "vp9", "av1"})
_MP4_AUDIO = frozenset({"aac", "mp3", "opus", "flac"})
_WEBM_VIDEO = frozenset({"vp8", "vp9", "av1"})
_WEBM_AUDIO = frozenset({"opus", "vorbis"})
# Hardware decoders have no 4:2:2 and 4:4:4, and of the 10-bit formats only those of VP9 and AV1.
_H264_PIXELS = frozenset({"", "yuv420p", "yuvj420p"})


def plays_in_browsers(media: MediaInfo, content_type: str) -> bool:
    """Whether browsers play the video as it is: MP4 or QuickTime, or a Matroska file whose type says that it is WebM.

    The container does not tell WebM from other Matroska files, which most browsers refuse. Sound alone is never taken
    for playable, so that the part of it that can be decoded is published.
    """
    if media.container == "mov":
        has_common_pixels = media.video_codec != "h264" or media.picture.pixel_format in _H264_PIXELS
        return has_common_pixels and _has_codecs(media, _MP4_VIDEO, _MP4_AUDIO)
    is_webm = content_type.partition(";")[0].strip().lower() == WEBM_CONTENT_TYPE
    return media.container == "matroska" and is_webm and _has_codecs(media, _WEBM_VIDEO, _WEBM_AUDIO)


def can_be_played(rendition: MediaInfo) -> bool:
    """Whether a rendition has something to play: a picture or sound, and a duration."""
    return rendition.duration_s > 0 and (min(rendition.width, rendition.height) >= 1 or rendition.has_audio)


def _has_codecs(media: MediaInfo, video: frozenset[str], audio: frozenset[str]) -> bool:
    return media.video_codec in video and (media.audio_codec is None or media.audio_codec in audio)
