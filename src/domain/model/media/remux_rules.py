"""Remux rules: when a source's streams can be published without being encoded again."""

import math

from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.frame_rate import exceeds_rate
from domain.model.media.frame_size import display_size
from domain.model.media.media_info import KNOWN_MATRICES, MediaInfo
from domain.model.media.output_profiles import OUTPUT_PROFILES

MAX_CHANNELS = 2
MAX_SAMPLE_RATE_HZ = 48_000
# The profiles that browsers and phones decode. Lossless H.264 states a 4:4:4 profile even with 4:2:0 pixels.
_H264_PROFILES = frozenset({"", "Constrained Baseline", "Baseline", "Main", "High"})
# AAC with another layout has a table of its channels, which players do not read alike.
_PLAIN_LAYOUTS = frozenset({"", "mono", "stereo"})
_AAC_PROFILES = frozenset({"", "LC", "HE-AAC", "HE-AACv2"})
# AAC that exceeds the profile's bit rate by less is copied: another encode would lose quality and save little.
COPIED_SOUND = 1.25

# The reference is 720p at 30 frames per second and CRF 26, with 0.03 bits per pixel. Camera footage needs more in
# either codec, so a source below that is already strongly compressed: encoding it would lose quality and save little.
_PIXEL_RATE = 1280 * 720 * 30
_BITS_PER_PIXEL = 0.03
# The bit rate grows by this power of the pixel rate: twice the pixels need less than twice the bits.
_GROWTH = 0.75


def plays_everywhere(media: MediaInfo) -> bool:
    """Whether every browser decodes the streams: progressive 8-bit 4:2:0 H.264, and mono or stereo AAC.

    Either may be missing.
    """
    return (not media.has_picture or _has_common_picture(media)) and (not media.has_audio or _has_common_audio(media))


def _has_common_picture(media: MediaInfo) -> bool:
    video = media.picture
    is_common = media.video_codec == "h264" and video.pixel_format == "yuv420p" and video.profile in _H264_PROFILES
    has_common_matrix = video.matrix in KNOWN_MATRICES | {"", "unknown"} and not video.is_skewed
    return is_common and has_common_matrix and not video.is_interlaced and not video.is_hdr


def _has_common_audio(media: MediaInfo) -> bool:
    audio = media.sound
    is_single = audio.right_index is None
    is_plain = is_single and 1 <= audio.channels <= MAX_CHANNELS and audio.layout in _PLAIN_LAYOUTS
    is_in_range = is_plain and 0 < audio.sample_rate_hz <= MAX_SAMPLE_RATE_HZ
    return media.audio_codec == "aac" and audio.profile in _AAC_PROFILES and is_in_range


def can_remux(media: MediaInfo, profile: CompressionProfile) -> bool:
    """Whether the source's streams already meet the profile: within its limits, upright, and no larger."""
    return plays_everywhere(media) and _is_small(media, profile) and _is_within(media, profile)


def _is_small(media: MediaInfo, profile: CompressionProfile) -> bool:
    return 8 * media.size_bytes <= 1000 * media.duration_s * target_kbps(media, profile)


def _is_within(media: MediaInfo, profile: CompressionProfile) -> bool:
    """Whether the picture is upright and within the profile's limits; sound alone has none to check."""
    if not media.has_picture:
        return True
    is_upright = not media.picture.is_turned and media.picture.pixel_aspect == 1
    within_height = min(display_size(media)) <= profile.max_height
    within_rate = media.frame_rate > 0 and not exceeds_rate(media, profile.max_frame_rate)
    return is_upright and within_height and within_rate


def target_kbps(media: MediaInfo, profile: CompressionProfile) -> float:
    """An estimate of the lowest bit rate, with sound, that the profile gives for camera footage of this size.

    For sound alone it is the highest bit rate at which AAC is not encoded again.
    """
    if not media.has_picture:
        return COPIED_SOUND * profile.audio_bitrate_kbps
    output = OUTPUT_PROFILES[profile.codec]
    frame_rate = min(media.frame_rate, profile.max_frame_rate)
    relative_size = math.pow(media.width * media.height * frame_rate / _PIXEL_RATE, _GROWTH)
    relative_quality = math.exp2((output.crf - profile.crf) / output.crf_per_halving)
    video_kbps = _BITS_PER_PIXEL * _PIXEL_RATE / 1000 * relative_size * relative_quality
    return video_kbps + (profile.audio_bitrate_kbps if media.has_audio else 0)
