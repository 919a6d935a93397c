"""How a rendition's picture and sound are coded."""

from adapters.ffmpeg.picture import rendition_frame_rate
from domain.model.media import CompressionProfile, MediaInfo, RenditionCodec
from domain.model.picture_size import rendition_size
from domain.model.rendition import MAX_CHANNELS, MAX_SAMPLE_RATE_HZ

ENCODERS: dict[RenditionCodec, str] = {RenditionCodec.H264: "libx264", RenditionCodec.AV1: "libsvtav1"}
# A player can begin where a key frame is, so this is how far it lands from where it was sent.
KEY_FRAME_S = 2

# H.264, table A-1: macroblocks a frame and a second, by level; decoders go by it when they choose whether to try.
_LEVELS = (
    *(("3.0", 1_620, 40_500), ("3.1", 3_600, 108_000), ("3.2", 5_120, 216_000), ("4.0", 8_192, 245_760)),
    *(("4.2", 8_704, 522_240), ("5.0", 22_080, 589_824), ("5.1", 36_864, 983_040), ("5.2", 36_864, 2_073_600)),
)
_HIGHEST_LEVEL = "6.2"
_MACROBLOCK = 16
# Sums of six or eight channels may go past full scale; AAC goes a little past what it is given.
_PEAK = 0.84


def picture_coding(media: MediaInfo, profile: CompressionProfile, *, threads: int) -> list[str]:
    """The encoder with its quality, its speed and its key frames."""
    coding = ["-c:v", ENCODERS[profile.codec], "-preset", profile.preset, "-crf", str(profile.crf)]
    if profile.codec is RenditionCodec.AV1:
        # It makes key frames by count alone, and has no other way to be told of threads.
        between = max(1, round(KEY_FRAME_S * rendition_frame_rate(media, profile)))
        return [*coding, "-g", str(between), "-svtav1-params", f"lp={threads}"]
    return [
        *(*coding, "-profile:v", "high", "-level:v", level(media, profile), "-threads", str(threads)),
        # By time: of a screen recording that shows a frame now and then, 50 frames may be minutes.
        *("-force_key_frames", f"expr:gte(t,n_forced*{KEY_FRAME_S})"),
    ]


def sound_coding(media: MediaInfo, profile: CompressionProfile) -> list[str]:
    """AAC; of several channels a stereo mix at the loudness they had together, mono as it is."""
    sound = media.sound
    kbps = profile.audio_bitrate_kbps // 2 if sound.channels == 1 else profile.audio_bitrate_kbps
    return [
        *("-c:a", "aac", "-b:a", f"{kbps}k", "-af", sound_filter(media)),
        *(["-metadata:s:a:0", f"language={sound.language}"] if sound.language is not None else []),
    ]


def sound_filter(media: MediaInfo) -> str:
    """In time with the picture, from its beginning on.

    Mixed as floating-point numbers, because ffmpeg turns a mix of whole numbers down for fear of its peaks; those are
    held down where they come.
    """
    rate = [str(MAX_SAMPLE_RATE_HZ)] if media.sound.sample_rate_hz > MAX_SAMPLE_RATE_HZ else []
    filters = ["aresample=" + ":".join([*rate, "async=1", "first_pts=0"])]
    if media.sound.channels > MAX_CHANNELS:
        filters += ["aformat=sample_fmts=fltp:channel_layouts=stereo", f"alimiter=limit={_PEAK}:level=false"]
    elif media.sound.channels == 0:
        filters += ["aformat=sample_fmts=fltp:channel_layouts=stereo"]
    return ",".join(filters)


def level(media: MediaInfo, profile: CompressionProfile) -> str:
    """The lowest that fits; x264 by itself would count the finest tick of uneven frames as their rate."""
    width, height = rendition_size(media, profile.max_height)
    blocks = -(-width // _MACROBLOCK) * -(-height // _MACROBLOCK)
    blocks_a_second = blocks * rendition_frame_rate(media, profile)
    fitting = (name for name, frame, second in _LEVELS if blocks <= frame and blocks_a_second <= second)
    return next(fitting, _HIGHEST_LEVEL)
