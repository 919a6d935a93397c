"""The table of video encoders: for each codec of a rendition, the encoder's name, options and limits in ffmpeg."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.frame_rate import rendition_frame_rate
from domain.model.media.frame_size import rendition_size
from domain.model.media.media_info import MediaInfo
from domain.model.media.peak_bitrate import peak_kbps

# The interval between key frames. A player can start only at a key frame, so a seek may be off by this much.
KEY_FRAME_S = 2

# H.264, table A-1: macroblocks per frame and per second, by level. Decoders check the level before they decode.
_LEVELS = (
    *(("3.0", 1_620, 40_500), ("3.1", 3_600, 108_000), ("3.2", 5_120, 216_000), ("4.0", 8_192, 245_760)),
    *(("4.2", 8_704, 522_240), ("5.0", 22_080, 589_824), ("5.1", 36_864, 983_040), ("5.2", 36_864, 2_073_600)),
)
_HIGHEST_LEVEL = "6.2"
_MACROBLOCK = 16
# The decoder's buffer: with half a second, the bit rate of any two seconds is at most 25 % above the highest.
_BUFFER_S = 0.5


@dataclass(frozen=True, slots=True)
class VideoEncoder:
    """A video encoder of ffmpeg.

    `options` returns the arguments other than preset and CRF; its last parameter is the number of threads.
    `needs_constant_rate`: the encoder counts frames, not time, so the frame rate must be constant. `min_side` is the
    smallest width and height in pixels.
    """

    name: str
    options: Callable[[MediaInfo, CompressionProfile, int], list[str]]
    needs_constant_rate: bool = False
    min_side: int = 2


def h264_level(media: MediaInfo, profile: CompressionProfile) -> str:
    """The lowest level that fits; at a variable frame rate, x264 itself would choose one that is too high."""
    width, height = rendition_size(media, profile.max_height)
    blocks = -(-width // _MACROBLOCK) * -(-height // _MACROBLOCK)
    blocks_per_second = blocks * rendition_frame_rate(media, profile.max_frame_rate)
    fitting = (name for name, frame, second in _LEVELS if blocks <= frame and blocks_per_second <= second)
    return next(fitting, _HIGHEST_LEVEL)


def _x264_options(media: MediaInfo, profile: CompressionProfile, threads: int) -> list[str]:
    return [
        *("-profile:v", "high", "-level:v", h264_level(media, profile), "-threads", str(threads)),
        *_peak(media, profile),
        # By time, not by count: in a screen recording with few frames, 50 frames may last for minutes.
        *("-force_key_frames", f"expr:gte(t,n_forced*{KEY_FRAME_S})"),
    ]


def _svt_av1_options(media: MediaInfo, profile: CompressionProfile, threads: int) -> list[str]:
    """SVT-AV1 places key frames only by frame count, and accepts the number of threads only as `lp`."""
    interval = max(1, round(KEY_FRAME_S * rendition_frame_rate(media, profile.max_frame_rate)))
    return ["-g", str(interval), *_peak(media, profile), "-svtav1-params", f"lp={threads}"]


def _peak(media: MediaInfo, profile: CompressionProfile) -> list[str]:
    """The highest bit rate. x264 keeps to it, SVT-AV1 only approximately."""
    kbps = peak_kbps(media, profile)
    return ["-maxrate", f"{kbps}k", "-bufsize", f"{round(_BUFFER_S * kbps)}k"]


VIDEO_ENCODERS: Mapping[RenditionCodec, VideoEncoder] = {
    RenditionCodec.H264: VideoEncoder("libx264", _x264_options),
    RenditionCodec.AV1: VideoEncoder("libsvtav1", _svt_av1_options, needs_constant_rate=True, min_side=64),
}
