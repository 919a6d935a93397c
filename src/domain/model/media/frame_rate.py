"""Frame rates: which of a source's frames a rendition shows."""

import math
from dataclasses import replace
from fractions import Fraction

from domain.model.media.media_info import MediaInfo

# A camera at 30 frames per second may record 30.003.
FRAME_RATE_SLACK = 1.01
# A variable rate has a mean below its grid: a recording on a grid of 60 may have 43 frames per second.
_SPARSEST_GRID = 2.0
_MAX_DENOMINATOR = 10_000
# One packet shows no interval.
_MIN_MEASURED = 2
# A container that counts milliseconds states 59.9401 for 60,000 / 1,001.
_ROUNDING = 0.0001


def exceeds_rate(media: MediaInfo, max_frame_rate: float) -> bool:
    """Whether frames must be dropped; a mean slightly above the limit is accepted."""
    return media.frame_rate > max_frame_rate * FRAME_RATE_SLACK


def with_measured_rate(media: MediaInfo) -> MediaInfo:
    """The media with the mean rate of its packets, if that is lower than its frame rate.

    For a file that states no mean rate: the frame rate is then that of the finest grid on which the times lie, which is
    1,000 for times in milliseconds.
    """
    packets = media.picture_packets
    if packets is None or packets.packet_count < _MIN_MEASURED or not packets.duration_s > 0:
        return media
    return replace(media, frame_rate=min(media.frame_rate, packets.packet_count / packets.duration_s))


def dropped_share(media: MediaInfo, max_frame_rate: float) -> int:
    """The number n of which one frame is shown and n - 1 are dropped."""
    if not exceeds_rate(media, max_frame_rate):
        return 1
    return math.ceil(_grid_rate(media) / (max_frame_rate * FRAME_RATE_SLACK))


def rendition_frame_rate(media: MediaInfo, max_frame_rate: float) -> Fraction:
    """Frames per second of the rendition; the maximum if the source's rate is unknown.

    Above the maximum, the rate is divided by an integer, so that motion stays even: 50 becomes 25, and 60,000 / 1,001
    becomes 30,000 / 1,001.
    """
    if media.frame_rate == 0:
        return _rational(max_frame_rate)
    rate = _grid_rate(media) if exceeds_rate(media, max_frame_rate) else media.frame_rate
    return _rational(rate) / dropped_share(media, max_frame_rate)


def _grid_rate(media: MediaInfo) -> float:
    """The nominal rate, if the mean rate confirms it."""
    nominal = media.picture.nominal_rate
    is_grid = media.frame_rate <= nominal * FRAME_RATE_SLACK and nominal <= _SPARSEST_GRID * media.frame_rate
    return nominal if is_grid else media.frame_rate


def _rational(rate: float) -> Fraction:
    """The rate that is meant: 59.94005994 and 59.9401 are 60,000 / 1,001."""
    for meant in (Fraction(round(rate)), Fraction(1000 * round(rate * 1.001), 1001)):
        if abs(rate - meant) <= _ROUNDING * rate:
            return meant
    return Fraction(rate).limit_denominator(_MAX_DENOMINATOR)
