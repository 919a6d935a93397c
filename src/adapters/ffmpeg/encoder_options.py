"""The encoder options for a rendition's video and audio."""

from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from adapters.ffmpeg.restart_filters import sound_restarts
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import AudioTrack, MediaInfo
from domain.model.media.remux_rules import MAX_CHANNELS, MAX_SAMPLE_RATE_HZ
from domain.model.media.sound_bit_rate import sound_kbps
from domain.model.media.sound_mix import SoundMix, sound_mix

# A stereo mix of six or eight channels may exceed full scale, and AAC decodes to slightly higher peaks than its input.
_PEAK = 0.84
# A layout for each number of channels, whatever they are.
_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}


def video_options(media: MediaInfo, profile: CompressionProfile, *, threads: int) -> list[str]:
    """The encoder with its quality, its speed and its key frames."""
    encoder = VIDEO_ENCODERS[profile.codec]
    quality = ["-preset", profile.preset, "-crf", str(profile.crf)]
    return ["-c:v", encoder.name, *quality, *encoder.options(media, profile, threads)]


def audio_options(media: MediaInfo, profile: CompressionProfile) -> list[str]:
    """AAC; more than two channels are mixed to stereo without loss of loudness, mono stays mono."""
    audio = media.sound
    # Two tracks are mixed by a graph with several inputs, which has these filters already.
    filters = ["-af", audio_filter(media)] if audio.right_index is None else []
    return [
        *("-c:a", "aac", "-b:a", f"{sound_kbps(media, profile)}k", *filters),
        *(["-metadata:s:a:0", f"language={audio.language}"] if audio.language is not None else []),
    ]


def audio_filter(media: MediaInfo) -> str:
    """The filters that keep the audio in sync with the video, and mix it to stereo if needed.

    Samples are mixed in floating point, because ffmpeg lowers the volume of an integer mix to prevent clipping; the
    limiter lowers only the peaks.
    """
    mixing = mixing_filters(media.sound)
    synchronising = synchronising_filter(media.sound)
    filters = [*sound_restarts(media, media.sound.index), synchronising, *_stated_layout(media), *mixing]
    if mixing and media.sound.channels > 1:
        filters += [f"alimiter=limit={_PEAK}:level=false"]
    return ",".join(filters)


def synchronising_filter(sound: AudioTrack) -> str:
    """The filter that fills pauses of an audio track with silence, from the start of the file on."""
    rate = [str(MAX_SAMPLE_RATE_HZ)] if sound.sample_rate_hz > MAX_SAMPLE_RATE_HZ else []
    return "aresample=" + ":".join([*rate, "async=1", "first_pts=0"])


def _stated_layout(media: MediaInfo) -> list[str]:
    """The layout of Speex, whose decoder states none; the encoder refuses frames without one."""
    layouts = {1: "mono", 2: "stereo"}
    if media.audio_codec != "speex" or media.sound.channels not in layouts:
        return []
    return [f"aformat=channel_layouts={layouts[media.sound.channels]}"]


def mixing_filters(sound: AudioTrack) -> list[str]:
    """The filters that mix the channels as their layout asks; none for mono and stereo.

    ffmpeg mixes the standard layouts, also where the layout changes on the way. An unusual one is mixed by the place of
    each channel, whatever its name.
    """
    mix = sound_mix(sound.layout, sound.channels)
    if mix is not None:
        return [*_renamed(sound), "aformat=sample_fmts=fltp", _panned(mix)]
    is_plain = 1 <= sound.channels <= MAX_CHANNELS
    return [] if is_plain else ["aformat=sample_fmts=fltp:channel_layouts=stereo"]


def _renamed(sound: AudioTrack) -> list[str]:
    """Plain names for the channels of a layout that is a list, because ffmpeg 7 mixes no layout with a name twice."""
    plain = _LAYOUTS.get(sound.channels)
    if plain is None or not sound.layout.startswith(f"{sound.channels} channels"):
        return []
    return [f"channelmap=map={'|'.join(map(str, range(sound.channels)))}:channel_layout={plain}"]


def _panned(mix: SoundMix) -> str:
    rows = [
        f"c{row}=" + "+".join(f"{gain:g}*c{place}" for place, gain in enumerate(gains) if gain).replace("+-", "-")
        for row, gains in enumerate(mix.rows)
    ]
    return "|".join([f"pan={'mono' if len(rows) == 1 else 'stereo'}", *rows])
