"""How a rendition is encoded."""

from dataclasses import dataclass
from enum import StrEnum


class RenditionCodec(StrEnum):
    """How the picture of a rendition may be coded."""

    H264 = "h264"
    AV1 = "av1"


@dataclass(frozen=True, slots=True)
class CompressionProfile:
    """How a rendition is made: constant rate factor and preset are the codec's own, size and frame rate the largest."""

    crf: int
    max_height: int
    max_frame_rate: float
    preset: str
    audio_bitrate_kbps: int
    codec: RenditionCodec = RenditionCodec.H264
