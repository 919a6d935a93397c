"""Frame rates: which of a source's frames a rendition shows."""

import math
from dataclasses import replace
from fractions import Fraction

from domain.model.media.media_info import MediaInfo

# A camera at 30 frames per second may record 30.003.
FRAME_RATE_SLACK = 1.01
# A variable rate has a mean below its grid: a recording on a grid of 60 may have 43 frames per second.
_SPARSEST_GRID = 2.0
# An even rate below this share of the maximum shows less than an uneven one at the maximum: 31 would become 15.5.
_LOWEST_EVEN_SHARE = 2 / 3
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
    """The number n of which one frame is shown and n - 1 are dropped; 1 if none are, or if not evenly."""
    if not exceeds_rate(media, max_frame_rate):
        return 1
    rate = _grid_rate(media)
    share = math.ceil(rate / (max_frame_rate * FRAME_RATE_SLACK))
    return share if rate / share >= _LOWEST_EVEN_SHARE * max_frame_rate else 1


def rendition_frame_rate(media: MediaInfo, max_frame_rate: float) -> Fraction:
    """Frames per second of the rendition; the maximum if the source's rate is unknown.

    Above the maximum, the rate is divided by an integer, so that motion stays even: 50 becomes 25, and 60,000 / 1,001
    becomes 30,000 / 1,001. Where that leaves less than two thirds of the maximum, it is the maximum: 36 becomes 30.
    """
    if media.frame_rate == 0:
        return _rational(max_frame_rate)
    if not exceeds_rate(media, max_frame_rate):
        return _rational(media.frame_rate)
    share = dropped_share(media, max_frame_rate)
    return _rational(max_frame_rate) if share == 1 else _rational(_grid_rate(media)) / share


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
