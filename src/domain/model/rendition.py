"""When a source's own streams may be played, so that nothing has to be coded anew."""

import math

from domain.model.media import CompressionProfile, MediaInfo
from domain.model.output_profiles import OUTPUT_PROFILES
from domain.model.picture_size import shown_size

MAX_CHANNELS = 2
MAX_SAMPLE_RATE_HZ = 48_000
# Browsers and telephones decode no others: lossless H.264 names 4:4:4 as its profile with halved colours too.
_H264_PROFILES = frozenset({"", "Constrained Baseline", "Baseline", "Main", "High"})
_AAC_PROFILES = frozenset({"", "LC", "HE-AAC", "HE-AACv2"})
# Whoever films with 30 frames a second writes 30.003 at times.
FRAME_RATE_SLACK = 1.01

# 720p at 30 frames a second and CRF 26 in 0.03 bits a pixel: what cameras film takes more in either codec, so a source
# with less than that was compressed hard already, and would lose what it has left for little.
_PIXEL_RATE = 1280 * 720 * 30
_BITS_PER_PIXEL = 0.03
# A picture of twice the pixels is smoother, and needs less than twice the bits.
_GROWTH = 0.75


def plays_everywhere(media: MediaInfo) -> bool:
    """Every browser decodes these streams: 8-bit 4:2:0 H.264 without fields, and mono or stereo AAC or no sound."""
    picture, sound = media.picture, media.sound
    is_common = media.video_codec == "h264" and picture.pixel_format == "yuv420p" and picture.profile in _H264_PROFILES
    is_heard = 1 <= sound.channels <= MAX_CHANNELS and 0 < sound.sample_rate_hz <= MAX_SAMPLE_RATE_HZ
    is_common_sound = media.audio_codec == "aac" and sound.profile in _AAC_PROFILES and is_heard
    has_common_sound = not media.has_audio or is_common_sound
    return is_common and has_common_sound and not picture.is_interlaced and not picture.is_hdr


def needs_no_encoding(media: MediaInfo, profile: CompressionProfile) -> bool:
    """The source's streams are what the profile would make: within its bounds, upright, and no larger."""
    is_upright = not media.picture.is_turned and media.picture.pixel_aspect == 1
    within_height = min(shown_size(media)) <= profile.max_height
    within_rate = 0 < media.frame_rate <= profile.max_frame_rate * FRAME_RATE_SLACK
    is_small = 8 * media.size_bytes <= 1000 * media.duration_s * aimed_kbps(media, profile)
    return plays_everywhere(media) and is_upright and within_height and within_rate and is_small


def aimed_kbps(media: MediaInfo, profile: CompressionProfile) -> float:
    """About the least that the profile makes of something filmed in this size, sound included."""
    output = OUTPUT_PROFILES[profile.codec]
    frame_rate = min(media.frame_rate, profile.max_frame_rate)
    relative_size = math.pow(media.width * media.height * frame_rate / _PIXEL_RATE, _GROWTH)
    relative_quality = math.exp2((output.crf - profile.crf) / output.crf_per_halving)
    picture_kbps = _BITS_PER_PIXEL * _PIXEL_RATE / 1000 * relative_size * relative_quality
    return picture_kbps + (profile.audio_bitrate_kbps if media.has_audio else 0)
