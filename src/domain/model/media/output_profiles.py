"""Quality, speed and presets of the codecs of renditions; details of ffmpeg's encoders are in its adapter."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.model.media.compression_profile import RenditionCodec
from domain.model.media.media_info import MediaInfo, MediaKind

# With every codec, because all players support MP4. `<video>` and `<audio>` play both types.
_CONTENT_TYPES = {MediaKind.VIDEO: "video/mp4", MediaKind.AUDIO: "audio/mp4"}


@dataclass(frozen=True, slots=True)
class OutputProfile:
    """The quality and speed that a codec's encoder accepts, and how quality affects the size.

    At the default `crf` (constant rate factor) all codecs look about the same by SSIM, and 720p at 30 frames per second
    takes about 0.03 bits per pixel; raising `crf` by `crf_per_halving` halves the bits. A slower preset gives smaller
    files; `preset` is the default of `presets`.
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


def rendition_content_type(media: MediaInfo) -> str:
    """The content type of a rendition with these media."""
    return _CONTENT_TYPES[media.kind]
