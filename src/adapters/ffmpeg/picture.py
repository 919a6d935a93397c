"""Filter graphs for the picture: its size, its frame rate, and HDR brought down to what every screen shows."""

from domain.model.media import CompressionProfile, MediaInfo

POSTER_WIDTH = 1280
# The poster is the most typical of this many pictures, so seldom a black or blurred one.
POSTER_CANDIDATES = 24

# HDR always comes in BT.2020; naming it keeps files with incomplete tags from being refused.
_TO_SDR = (
    "zscale=pin=bt2020:min=2020_ncl:t=linear:npl=100",
    "format=gbrpf32le",
    "zscale=p=bt709",
    "tonemap=tonemap=hable:desat=0",
    "zscale=t=bt709:m=bt709:r=tv",
)


def rendition_filter(media: MediaInfo, profile: CompressionProfile, *, is_hdr: bool) -> str:
    """Fewer frames if there are too many, smaller if too large, and 8-bit 4:2:0 as every player takes it."""
    width, height = rendition_size(media.width, media.height, profile.max_height)
    slower = [f"fps={profile.max_frame_rate:g}"] if media.frame_rate > profile.max_frame_rate else []
    return ",".join([*slower, f"scale={width}:{height}", *(_TO_SDR if is_hdr else ()), "format=yuv420p"])


def rendition_size(width: int, height: int, max_height: int) -> tuple[int, int]:
    """Even sizes in the same shape; the shorter side is at most `max_height`, as "720p" means for portrait too."""
    scale = min(1.0, max_height / min(width, height))
    return _even(width * scale), _even(height * scale)


def poster_filter(*, is_hdr: bool) -> str:
    """Made small before pictures are compared: two dozen 8K pictures would not fit in memory."""
    smaller = f"scale='min({POSTER_WIDTH},iw)':-1"
    return ",".join([smaller, *(_TO_SDR if is_hdr else ()), f"thumbnail={POSTER_CANDIDATES}", "format=yuvj420p"])


def _even(length: float) -> int:
    """H.264 in 4:2:0 needs even sizes; rounding down never enlarges."""
    return max(2, int(length) // 2 * 2)
