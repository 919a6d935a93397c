"""How a rendition is encoded."""

from dataclasses import dataclass
from enum import StrEnum


class RenditionCodec(StrEnum):
    """The video codecs that a rendition may have."""

    H264 = "h264"
    AV1 = "av1"


@dataclass(frozen=True, slots=True)
class CompressionProfile:
    """The parameters of an encode; what `crf` (constant rate factor) and `preset` mean depends on the codec."""

    crf: int
    max_height: int
    max_frame_rate: float
    preset: str
    audio_bitrate_kbps: int
    codec: RenditionCodec = RenditionCodec.H264
