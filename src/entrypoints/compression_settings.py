"""The settings of compression: what each codec takes, and what it does unless told otherwise."""

from dataclasses import dataclass

from domain.model.media import CompressionProfile, RenditionCodec
from entrypoints.settings import Settings, variable


@dataclass(frozen=True, slots=True)
class CodecDefaults:
    """What a codec takes, and the default of each."""

    crf: int
    largest_crf: int
    preset: str
    presets: tuple[str, ...]


# At these factors both make about the same of a picture, by SSIM.
CODEC_DEFAULTS: dict[RenditionCodec, CodecDefaults] = {
    RenditionCodec.H264: CodecDefaults(
        crf=26,
        largest_crf=51,
        preset="veryfast",
        presets=(
            *("ultrafast", "superfast", "veryfast", "faster", "fast"),
            *("medium", "slow", "slower", "veryslow"),
        ),
    ),
    RenditionCodec.AV1: CodecDefaults(
        crf=40, largest_crf=63, preset="10", presets=tuple(str(number) for number in range(14))
    ),
}


def compression_profile(settings: Settings) -> CompressionProfile:
    """How renditions are made in this installation."""
    codec = RenditionCodec(settings.compression_codec)
    defaults = CODEC_DEFAULTS[codec]
    return CompressionProfile(
        crf=defaults.crf if settings.compression_crf is None else settings.compression_crf,
        max_height=settings.compression_max_height,
        max_frame_rate=settings.compression_max_frame_rate,
        preset=settings.compression_preset or defaults.preset,
        audio_bitrate_kbps=settings.compression_audio_kbps,
        codec=codec,
    )


def compression_contradictions(settings: Settings) -> list[str]:
    """What does not fit the codec, one line each."""
    codec = settings.compression_codec
    known = CODEC_DEFAULTS[RenditionCodec(codec)]
    problems: list[str] = []
    if settings.compression_preset is not None and settings.compression_preset not in known.presets:
        problems.append(f"{variable('compression_preset')}: for {codec} one of {', '.join(known.presets)} is needed")
    if settings.compression_crf is not None and settings.compression_crf > known.largest_crf:
        problems.append(f"{variable('compression_crf')}: for {codec} at most {known.largest_crf}")
    return problems
