"""How large pictures are shown, and how large we make them."""

from domain.model.media import MAX_SIDE_PIXELS, MediaInfo

# What films and discs use lies well within; a pixel much wider or higher than that is a mistake, or a trap.
_WIDEST_PIXEL = 4.0


def shown_size(media: MediaInfo) -> tuple[float, float]:
    """Width and height when every pixel is shown as wide as its file asks for: 720 x 576 may be 16:9."""
    aspect = media.picture.pixel_aspect
    believed = 1 / _WIDEST_PIXEL <= aspect <= _WIDEST_PIXEL
    return (media.width * aspect if believed else media.width), media.height


def rendition_size(media: MediaInfo, max_height: int) -> tuple[int, int]:
    """The shown shape in square pixels; the shorter side is at most `max_height`, as "720p" means for portrait too."""
    width, height = shown_size(media)
    scale = min(1.0, max_height / min(width, height), MAX_SIDE_PIXELS / max(width, height))
    return _even(width * scale), _even(height * scale)


def rendition_frame_rate(media: MediaInfo, max_frame_rate: float) -> float:
    """Frames a second; the maximum if the source's are unknown."""
    return min(media.frame_rate or max_frame_rate, max_frame_rate)


def within(width: float, height: float, max_width: int, max_height: int) -> tuple[int, int]:
    """The same shape, no larger than this."""
    scale = min(1.0, max_width / width, max_height / height)
    return _even(width * scale), _even(height * scale)


def _even(length: float) -> int:
    """Halved colour needs even sizes; rounding down never enlarges."""
    return max(2, int(length) // 2 * 2)
