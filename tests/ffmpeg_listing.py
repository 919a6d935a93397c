"""What an ffmpeg prints of itself that has everything we name."""

from adapters.ffmpeg.arguments import AUDIO_CODECS, FORMATS, VIDEO_CODECS
from adapters.ffmpeg.build import ENCODERS, FILTERS, MUXERS, OPTIONAL_FILTERS


def listing_of_all() -> list[str]:
    """The lines of all its listings, as one text."""
    return [
        *(f" D.V.L. {codec}  x" for codec in sorted(VIDEO_CODECS | AUDIO_CODECS)),
        *(f" .E.I.. coded  x (encoders: {encoder} )" for encoder in sorted({"libx264", *ENCODERS})),
        *(f" D  {demuxer},other  x" for demuxer in FORMATS),
        *(f"  E {muxer}  x" for muxer in sorted(MUXERS)),
        *(f" ... {name}  V->V  x" for name in sorted({*FILTERS, *OPTIONAL_FILTERS})),
    ]
