"""The table of video encoders: for each codec of a rendition, the encoder's name, options and limits in ffmpeg."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.frame_size import rendition_frame_rate, rendition_size
from domain.model.media.media_info import MediaInfo

# The distance of key frames. A player can begin at a key frame only, so a seek is off by as much.
KEY_FRAME_S = 2

# H.264, table A-1: macroblocks a frame and a second, by level; decoders go by it when they choose whether to try.
_LEVELS = (
    *(("3.0", 1_620, 40_500), ("3.1", 3_600, 108_000), ("3.2", 5_120, 216_000), ("4.0", 8_192, 245_760)),
    *(("4.2", 8_704, 522_240), ("5.0", 22_080, 589_824), ("5.1", 36_864, 983_040), ("5.2", 36_864, 2_073_600)),
)
_HIGHEST_LEVEL = "6.2"
_MACROBLOCK = 16


@dataclass(frozen=True, slots=True)
class VideoEncoder:
    """An encoder of ffmpeg.

    `options` returns the arguments other than preset and CRF; its last parameter is the number of threads.
    `needs_even_frames`: the encoder counts frames, not time, so frames must come at a constant rate. `min_side` is the
    least width and height in pixels.
    """

    name: str
    options: Callable[[MediaInfo, CompressionProfile, int], list[str]]
    needs_even_frames: bool = False
    min_side: int = 2


def h264_level(media: MediaInfo, profile: CompressionProfile) -> str:
    """The lowest level that fits; x264 by itself would count the finest tick of uneven frames as their rate."""
    width, height = rendition_size(media, profile.max_height)
    blocks = -(-width // _MACROBLOCK) * -(-height // _MACROBLOCK)
    blocks_a_second = blocks * rendition_frame_rate(media, profile.max_frame_rate)
    fitting = (name for name, frame, second in _LEVELS if blocks <= frame and blocks_a_second <= second)
    return next(fitting, _HIGHEST_LEVEL)


def _x264_options(media: MediaInfo, profile: CompressionProfile, threads: int) -> list[str]:
    return [
        *("-profile:v", "high", "-level:v", h264_level(media, profile), "-threads", str(threads)),
        # By time: in a screen recording that has a frame now and then, 50 frames may last for minutes.
        *("-force_key_frames", f"expr:gte(t,n_forced*{KEY_FRAME_S})"),
    ]


def _svt_av1_options(media: MediaInfo, profile: CompressionProfile, threads: int) -> list[str]:
    """SVT-AV1 places key frames by count only, and takes the number of threads in no other way."""
    between = max(1, round(KEY_FRAME_S * rendition_frame_rate(media, profile.max_frame_rate)))
    return ["-g", str(between), "-svtav1-params", f"lp={threads}"]


VIDEO_ENCODERS: Mapping[RenditionCodec, VideoEncoder] = {
    RenditionCodec.H264: VideoEncoder("libx264", _x264_options),
    RenditionCodec.AV1: VideoEncoder("libsvtav1", _svt_av1_options, needs_even_frames=True, min_side=64),
}
