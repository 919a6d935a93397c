"""The listings that an ffmpeg prints if it has everything that the code names."""

from adapters.ffmpeg.allowed_formats import AUDIO_CODECS, FORMATS, VIDEO_CODECS
from adapters.ffmpeg.build_features import ENCODERS, FILTERS, MUXERS, OPTIONAL_FILTERS


def full_listing() -> list[str]:
    """Return the lines of all listings: codecs, encoders, demuxers, muxers and filters."""
    return [
        *(f" D.V.L. {codec}  x" for codec in sorted(VIDEO_CODECS | AUDIO_CODECS)),
        *(f" .E.I.. coded  x (encoders: {encoder} )" for encoder in sorted({"libx264", *ENCODERS})),
        *(f" D  {demuxer},other  x" for demuxer in FORMATS),
        *(f"  E {muxer}  x" for muxer in sorted(MUXERS)),
        *(f" ... {name}  V->V  x" for name in sorted({*FILTERS, *OPTIONAL_FILTERS})),
    ]
