"""Frame sizes: how large a source's picture is displayed, and how large a rendition's is."""

from domain.model.media.acceptance import MAX_SIDE_PIXELS
from domain.model.media.media_info import MediaInfo

# The pixel aspect ratios of films and discs are well within this. A more extreme one is an error or an attack.
WIDEST_PIXEL = 4.0


def display_size(media: MediaInfo) -> tuple[float, float]:
    """The displayed width and height with the file's pixel aspect ratio: 720 x 576 pixels may be shown as 16:9."""
    return displayed(media.width, media.height, media.picture.pixel_aspect)


def displayed(width: int, height: int, pixel_aspect: float) -> tuple[float, float]:
    """The displayed width and height of this many pixels; an implausible pixel aspect is ignored."""
    is_plausible = 1 / WIDEST_PIXEL <= pixel_aspect <= WIDEST_PIXEL
    return (width * pixel_aspect if is_plausible else width), height


def rendition_size(media: MediaInfo, max_height: int) -> tuple[int, int]:
    """The rendition's size in square pixels; its shorter side is at most `max_height`, also for portrait video."""
    width, height = display_size(media)
    scale = min(1.0, max_height / min(width, height), MAX_SIDE_PIXELS / max(width, height))
    return _even(width * scale), _even(height * scale)


def fit(width: float, height: float, max_width: int, max_height: int) -> tuple[int, int]:
    """The size scaled down to fit into the maximum, with the same shape."""
    scale = min(1.0, max_width / width, max_height / height)
    return _even(width * scale), _even(height * scale)


def _even(length: float) -> int:
    """An even size, which 4:2:0 chroma needs, rounded down so that it is never enlarged."""
    return max(2, int(length) // 2 * 2)
