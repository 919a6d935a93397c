"""The bit rate of a rendition's sound."""

from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import MediaInfo
from domain.model.media.sound_mix import mixed_channels

# At equal bit rates AAC sounds at least as good as these, so a rendition needs no more bits than its source has.
_NO_BETTER_THAN_AAC = frozenset({"aac", "ac3", "mp2", "mp3", "wmav1", "wmav2"})
_LOWEST_KBPS = 32


def sound_kbps(media: MediaInfo, profile: CompressionProfile) -> int:
    """The profile's bit rate, half of it for mono; sound alone is not made larger than a source in an older codec."""
    is_mono = mixed_channels(media.sound.layout, media.sound.channels) == 1
    kbps = profile.audio_bitrate_kbps // 2 if is_mono else profile.audio_bitrate_kbps
    if media.has_picture or media.audio_codec not in _NO_BETTER_THAN_AAC:
        return kbps
    source_kbps = int(8 * media.size_bytes / media.duration_s / 1000)
    return min(kbps, max(_LOWEST_KBPS, source_kbps))
