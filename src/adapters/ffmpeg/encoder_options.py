"""The encoder options for a rendition's video and audio."""

from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from adapters.ffmpeg.restart_filters import sound_restarts
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import MediaInfo
from domain.model.media.remux_rules import MAX_CHANNELS, MAX_SAMPLE_RATE_HZ
from domain.model.media.sound_bit_rate import sound_kbps

# A stereo mix of six or eight channels may exceed full scale, and AAC decodes to slightly higher peaks than its input.
_PEAK = 0.84


def video_options(media: MediaInfo, profile: CompressionProfile, *, threads: int) -> list[str]:
    """The encoder with its quality, its speed and its key frames."""
    encoder = VIDEO_ENCODERS[profile.codec]
    quality = ["-preset", profile.preset, "-crf", str(profile.crf)]
    return ["-c:v", encoder.name, *quality, *encoder.options(media, profile, threads)]


def audio_options(media: MediaInfo, profile: CompressionProfile) -> list[str]:
    """AAC; more than two channels are mixed to stereo without loss of loudness, mono stays mono."""
    audio = media.sound
    return [
        *("-c:a", "aac", "-b:a", f"{sound_kbps(media, profile)}k", "-af", audio_filter(media)),
        *(["-metadata:s:a:0", f"language={audio.language}"] if audio.language is not None else []),
    ]


def audio_filter(media: MediaInfo) -> str:
    """The filters that keep the audio in sync with the video, and mix it to stereo if needed.

    Samples are mixed in floating point, because ffmpeg lowers the volume of an integer mix to prevent clipping; the
    limiter lowers only the peaks.
    """
    rate = [str(MAX_SAMPLE_RATE_HZ)] if media.sound.sample_rate_hz > MAX_SAMPLE_RATE_HZ else []
    resampling = "aresample=" + ":".join([*rate, "async=1", "first_pts=0"])
    filters = [*sound_restarts(media), resampling, *_stated_layout(media)]
    if media.sound.channels > MAX_CHANNELS:
        filters += ["aformat=sample_fmts=fltp:channel_layouts=stereo", f"alimiter=limit={_PEAK}:level=false"]
    elif media.sound.channels == 0:
        filters += ["aformat=sample_fmts=fltp:channel_layouts=stereo"]
    return ",".join(filters)


def _stated_layout(media: MediaInfo) -> list[str]:
    """The layout of Speex, whose decoder states none; the encoder refuses frames without one."""
    layouts = {1: "mono", 2: "stereo"}
    if media.audio_codec != "speex" or media.sound.channels not in layouts:
        return []
    return [f"aformat=channel_layouts={layouts[media.sound.channels]}"]
