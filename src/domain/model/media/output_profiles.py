"""The codecs that renditions are encoded with, except for what ffmpeg alone must know of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.model.media.compression_profile import RenditionCodec

RENDITION_CONTENT_TYPE = "video/mp4"  # Whatever the codec: the sound is AAC, and MP4 plays everywhere.


@dataclass(frozen=True, slots=True)
class OutputProfile:
    """The quality and speed that a codec's encoder accepts, and what they mean for the size.

    At the default `crf` (constant rate factor) all codecs look about the same by SSIM, and 720p at 30 frames a second
    takes about 0.03 bits a pixel; each `crf_per_halving` steps more halve the bits. `preset` is the default of
    `presets`, the encoder's trade of speed against size.
    """

    crf: int
    max_crf: int
    crf_per_halving: float
    preset: str
    presets: tuple[str, ...]


OUTPUT_PROFILES: Mapping[RenditionCodec, OutputProfile] = {
    RenditionCodec.H264: OutputProfile(
        crf=26,
        max_crf=51,
        crf_per_halving=6.0,
        preset="veryfast",
        presets=(
            *("ultrafast", "superfast", "veryfast", "faster", "fast"),
            *("medium", "slow", "slower", "veryslow"),
        ),
    ),
    RenditionCodec.AV1: OutputProfile(
        crf=40,
        max_crf=63,
        crf_per_halving=9.0,
        preset="10",
        presets=tuple(str(number) for number in range(14)),
    ),
}
