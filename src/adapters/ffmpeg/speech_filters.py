"""Filter graphs that extract speech: as a mono signal with its silences, and the signals in which it may be clearer."""

from adapters.ffmpeg.encoder_options import mixing_filters
from adapters.ffmpeg.joined_sound import sound_source
from domain.model.media.media_info import AudioTrack, MediaInfo
from domain.model.media.sound_mix import centre_of, mixed_channels
from domain.model.transcripts.speech_source import ENVELOPE_RATE_HZ, SpeechSource

SPEECH_RATE_HZ = 16_000
# The threshold applies after normalisation. Without it, a recording at -40 dB was all silence, and one with noise at
# -30 dB had no silence; with it, both are divided as well as a loud, clean recording.
SILENCE_DB = -30
SILENCE_S = 0.25

# The signals of which the power is measured: for each output label, those of its channels.
MEASURED = {
    "sides": (SpeechSource.MIX, SpeechSource.LEFT, SpeechSource.RIGHT, SpeechSource.SIDE),
    "centre": (SpeechSource.CENTRE,),
}

# dynaudnorm needs 31 frames of half a second and does not change shorter audio, so silence is appended.
_NORMALISED = "apad=pad_dur=16,highpass=f=200,dynaudnorm=framelen=500:gausssize=31:maxgain=60:altboundary=1"
_STEREO = "aformat=sample_fmts=fltp:channel_layouts=stereo"
_FROM_STEREO = {
    SpeechSource.LEFT: "pan=mono|c0=c0",
    SpeechSource.RIGHT: "pan=mono|c0=c1",
    SpeechSource.SIDE: "pan=mono|c0=0.5*c0-0.5*c1",
}
_SIDES = "pan=4c|c0=0.5*c0+0.5*c1|c1=c0|c2=c1|c3=0.5*c0-0.5*c1"
_SPEECH_BAND = "highpass=f=300,lowpass=f=3400"


def speech_graph(media: MediaInfo, source: SpeechSource, measured: tuple[str, ...]) -> str:
    """A graph with the outputs `speech` and `levelled`, and the power of each of the `measured` signals."""
    sound = media.sound
    resampling = f"aresample={SPEECH_RATE_HZ}:async=1:first_pts=0"
    begin = ",".join([sound_source(media, resampling), *_pinned(sound)])
    heard = ",".join([*_signal(sound, source), *_ending(media)])
    levelled = f"[level]{_NORMALISED},silencedetect=noise={SILENCE_DB}dB:duration={SILENCE_S}[levelled]"
    if not measured:
        return f"{begin},{heard};{levelled}"
    labels = "".join(f"[{label}]" for label in ("heard", *measured))
    split = f"{begin},asplit={1 + len(measured)}{labels}"
    return ";".join([split, f"[heard]{heard}", levelled, *(_power(sound, label) for label in measured)])


def measured_signals(sound: AudioTrack) -> tuple[str, ...]:
    """What can be measured of a track: nothing of mono, and the centre only if there is one."""
    if mixed_channels(sound.layout, sound.channels) == 1:
        return ()
    return ("sides",) if centre_of(sound.layout, sound.channels) is None else ("sides", "centre")


def _pinned(sound: AudioTrack) -> list[str]:
    """The layout before the branches, because ffmpeg would otherwise mix all of them as one of them asks."""
    if mixed_channels(sound.layout, sound.channels) == 1:
        return mixing_filters(sound)
    if centre_of(sound.layout, sound.channels) is None:
        return [*mixing_filters(sound), _STEREO]
    return [f"aformat=sample_fmts=fltp:channel_layouts={_channels(sound.layout)}"]


def _channels(layout: str) -> str:
    """The layout as filters read it: a listed one without its number of channels."""
    return layout.partition("(")[2].removesuffix(")") if " channels (" in layout else layout


def _stereo(sound: AudioTrack) -> list[str]:
    """From the pinned layout to stereo."""
    return [] if centre_of(sound.layout, sound.channels) is None else [*mixing_filters(sound), _STEREO]


def _signal(sound: AudioTrack, source: SpeechSource) -> list[str]:
    """From the pinned layout to this mono signal."""
    if source is SpeechSource.MIX:
        return [*_stereo(sound), "aformat=channel_layouts=mono"]
    if source is SpeechSource.CENTRE:
        return [_centre(sound)]
    return [*_stereo(sound), _FROM_STEREO[source]]


def _ending(media: MediaInfo) -> tuple[str, ...]:
    return (
        f"apad=whole_dur={media.duration_s:.6f}",
        f"atrim=end={media.duration_s:.6f}",
        "asplit[speech][level]",
    )


def _power(sound: AudioTrack, label: str) -> str:
    """The power in the band of speech, a few times a second.

    Silence is appended, because a resampler gives nothing for a shorter signal, and ffmpeg 7 fails without any output.
    """
    signals = [_centre(sound)] if label == "centre" else [*_stereo(sound), _SIDES]
    squared = f"{_SPEECH_BAND},asplit[{label}_a][{label}_b];[{label}_a][{label}_b]amultiply,apad=pad_dur=1"
    return f"[{label}]{','.join(signals)},{squared},aresample={ENVELOPE_RATE_HZ}[{label}_power]"


def _centre(sound: AudioTrack) -> str:
    return f"pan=mono|c0=c{centre_of(sound.layout, sound.channels)}"
