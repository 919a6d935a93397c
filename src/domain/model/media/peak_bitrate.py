"""The highest bit rate of a rendition's picture, over the time that a player buffers."""

import math

from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.frame_rate import rendition_frame_rate
from domain.model.media.frame_size import rendition_size
from domain.model.media.media_info import MediaInfo
from domain.model.media.output_profiles import OUTPUT_PROFILES

# About twice the average of 720p at 30 frames per second, so that a phone with 3 Mbit/s plays it without stalling.
_PEAK_KBPS = 2_200
_PIXELS = 1280 * 720
_FRAME_RATE = 30
_GROWTH = 0.75
# A small picture never stalls, so it is not limited to its share.
_LEAST_KBPS = 800


def peak_kbps(media: MediaInfo, profile: CompressionProfile) -> int:
    """The highest bit rate of the picture in kbit/s.

    It follows the size and the quality. A frame rate below 30 does not lower it: a presentation with a new slide every
    20 s needs as many bits for a slide.
    """
    output = OUTPUT_PROFILES[profile.codec]
    width, height = rendition_size(media, profile.max_height)
    frame_rate = max(float(rendition_frame_rate(media, profile.max_frame_rate)), _FRAME_RATE)
    relative_size = math.pow(width * height * frame_rate / (_PIXELS * _FRAME_RATE), _GROWTH)
    relative_quality = math.exp2((output.crf - profile.crf) / output.crf_per_halving)
    return round(max(_PEAK_KBPS * relative_size, _LEAST_KBPS) * relative_quality)
