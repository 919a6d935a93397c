"""Settings of compression, checked against what the codec accepts."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.output_profiles import OUTPUT_PROFILES
from entrypoints.config.values import ConcernSettings, Positive, prefixed, variable

RateFactor = Annotated[int, Meta(ge=0, le=63)]


class CompressionSettings(ConcernSettings, frozen=True, kw_only=True, rename=prefixed("compression_")):
    """How ffmpeg encodes renditions."""

    codec: Annotated[
        Literal["h264", "av1"],
        Meta(
            description="Video codec of renditions. `av1` (SVT-AV1) gives smaller files but needs more CPU time, and "
            "older players do not support it."
        ),
    ] = "h264"
    crf: Annotated[
        RateFactor | None,
        Meta(
            description="Constant rate factor; lower values give better quality and larger files. "
            "Unset: 26 for h264, 40 for av1."
        ),
    ] = None
    max_height: Annotated[
        int, Meta(ge=2, le=8192, description="Maximum length in pixels of the shorter side of a rendition.")
    ] = 720
    max_frame_rate: Annotated[
        float, Meta(gt=0, le=120, description="Maximum frame rate of a rendition in frames per second.")
    ] = 30.0
    preset: Annotated[
        str | None,
        Meta(
            description="Speed of the encoder; slower presets give smaller files. `ultrafast` to `veryslow` for h264, "
            "`13` to `0` for av1. Unset: `veryfast` for h264, `10` for av1."
        ),
    ] = None
    audio_kbps: Annotated[
        int, Meta(ge=16, le=512, description="Bitrate in kbit/s of stereo audio; mono audio gets half of it.")
    ] = 128
    ffmpeg_threads: Annotated[Positive, Meta(description="CPU threads of one ffmpeg process.")] = msgspec.field(
        default=2, name=variable("ffmpeg_threads")
    )

    @property
    def profile(self) -> CompressionProfile:
        """How renditions are encoded; unset values are the codec's defaults."""
        codec = RenditionCodec(self.codec)
        defaults = OUTPUT_PROFILES[codec]
        return CompressionProfile(
            crf=defaults.crf if self.crf is None else self.crf,
            max_height=self.max_height,
            max_frame_rate=self.max_frame_rate,
            preset=self.preset or defaults.preset,
            audio_bitrate_kbps=self.audio_kbps,
            codec=codec,
        )

    def problems(self) -> list[str]:
        known = OUTPUT_PROFILES[RenditionCodec(self.codec)]
        problems: list[str] = []
        if self.preset is not None and self.preset not in known.presets:
            presets = ", ".join(known.presets)
            problems.append(f"TELECINE_COMPRESSION_PRESET: for {self.codec} one of {presets} is required")
        if self.crf is not None and self.crf > known.max_crf:
            problems.append(f"TELECINE_COMPRESSION_CRF: for {self.codec} at most {known.max_crf}")
        return problems
