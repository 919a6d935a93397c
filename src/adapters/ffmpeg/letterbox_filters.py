"""Filters that give every frame the size of the rendition: other shapes get black bars, and are never stretched."""

from domain.model.media.frame_size import WIDEST_PIXEL
from domain.model.media.media_info import MediaInfo
from domain.model.media.rendition_plan import PictureChanges

# Sizes are even, so a shape may be off by this many pixels without bars.
_ROUNDING = 3


def letterboxed(media: MediaInfo, width: int, height: int, changes: PictureChanges, options: str) -> list[str]:
    """Filters that scale each frame into this size and centre it; `options` are those of the filter `scale`.

    ffmpeg builds the filters anew when the size changes, but not when only the pixel aspect does, so both filters
    evaluate their expressions for each frame. The shape that was planned fills the size whatever the rounding.
    """
    shape = f"st(0\\,{_aspect(changes)})\\;st(1\\,min({width}/(iw*ld(0))\\,{height}/ih))"
    aspect = media.picture.pixel_aspect
    is_planned = f"eq(iw\\,{media.width})*eq(ih\\,{media.height})*lt(abs(ld(0)/{aspect:.6f}-1)\\,0.001)"
    fitted_width, fitted_height = _side("iw*ld(0)", width, is_planned), _side("ih", height, is_planned)
    return [
        f"scale=w={shape}\\;{fitted_width}:h={shape}\\;{fitted_height}:eval=frame{options}",
        f"pad={width}:{height}:-1:-1:eval=frame",
        "setsar=1",
    ]


def _side(displayed: str, side: int, is_planned: str) -> str:
    fitted = f"{displayed}*ld(1)"
    is_full = f"gt({is_planned}+lt({side}-{fitted}\\,{_ROUNDING})\\,0)"
    return f"if({is_full}\\,{side}\\,max(2\\,2*round({fitted}/2)))"


def _aspect(changes: PictureChanges) -> str:
    """The pixel aspect of a frame: its own, 1 if that is implausible, or the one that is known for its time."""
    expression = f"if(between(sar\\,{1 / WIDEST_PIXEL}\\,{WIDEST_PIXEL})\\,sar\\,1)"
    for known in changes.pixel_aspects:
        expression = f"if(gte(t\\,{known.start_s - 0.001:.3f})\\,{known.aspect:.6f}\\,{expression})"
    return expression
