"""The filter graph of a waveform: the poster of sound alone."""

from domain.model.media.media_info import MediaInfo

WIDTH, HEIGHT = 1280, 720

_BAR, _GAP = 8, 3
_COLOR = "0x4FC3F7"
_BACKGROUND = (16, 20, 28)
# showwavespic keeps every sample in memory until the end, so a long recording is reduced to its envelope first.
_MAX_SAMPLES = 1_000_000
_MIN_RATE_HZ, _MAX_RATE_HZ = 100, 8_000


def waveform_filter(media: MediaInfo) -> str:
    """Bars of the loudness over the whole duration, on a line that is all there is of silence.

    The channels are rectified before they are mixed, so that channels of opposite phase don't cancel each other.
    """
    rate = round(max(_MIN_RATE_HZ, min(_MAX_SAMPLES / media.duration_s, _MAX_RATE_HZ)))
    lightest = [f"{channel}=max(val\\,{value})" for channel, value in zip("rgb", _BACKGROUND, strict=True)]
    return ",".join(
        [
            f"aresample={_MAX_RATE_HZ}",
            "aformat=sample_fmts=dblp:channel_layouts=stereo",
            "aeval=exprs=abs(val(0))|abs(val(1)):c=same",
            f"aresample={rate}",
            "aformat=channel_layouts=mono",
            f"showwavespic=s={WIDTH // _BAR}x{HEIGHT}:scale=sqrt:filter=peak:colors={_COLOR}",
            "format=rgb24",
            f"drawbox=y={HEIGHT // 2 - 1}:h=2:t=fill:color={_COLOR}",
            f"scale={WIDTH}:{HEIGHT}:flags=neighbor",
            f"drawgrid=w={_BAR}:h={HEIGHT}:t={_GAP}:c=black",
            f"lutrgb={':'.join(lightest)}",
            # JPEG has no tag for its colour matrix: it is always BT.601.
            "scale=out_color_matrix=bt601:out_range=pc",
            "format=yuvj420p",
        ]
    )
