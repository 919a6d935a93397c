"""The settings of compression, checked against what the codec accepts."""

from domain.model.media import CompressionProfile, RenditionCodec
from domain.model.output_profiles import OUTPUT_PROFILES
from entrypoints.settings import Settings, variable


def compression_profile(settings: Settings) -> CompressionProfile:
    """How renditions are made in this installation."""
    codec = RenditionCodec(settings.compression_codec)
    defaults = OUTPUT_PROFILES[codec]
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
    known = OUTPUT_PROFILES[RenditionCodec(codec)]
    problems: list[str] = []
    if settings.compression_preset is not None and settings.compression_preset not in known.presets:
        problems.append(f"{variable('compression_preset')}: for {codec} one of {', '.join(known.presets)} is needed")
    if settings.compression_crf is not None and settings.compression_crf > known.max_crf:
        problems.append(f"{variable('compression_crf')}: for {codec} at most {known.max_crf}")
    return problems
