"""What a rendition is planned from: the container's claims at first, and the decoded frames if they differ."""

from dataclasses import dataclass, replace

from domain.model.media.frame_log import FrameKind, FrameLog, Span
from domain.model.media.frame_size import displayed, rendition_size
from domain.model.media.media_info import KNOWN_MATRICES, MediaInfo, VideoTrack, guessed_matrix, has_alpha, is_rgb


@dataclass(frozen=True, slots=True)
class PixelAspect:
    """The pixel aspect of all frames from a time on."""

    start_s: float
    aspect: float


@dataclass(frozen=True, slots=True)
class PictureChanges:
    """What changes in a video, as far as a filter must know it.

    `hdr_spans` are the parts that are HDR if others are not. `pixel_aspects` replace those of the frames, in order of
    time. `changes_matrix`: parts have different colour matrices. `erases_matrix`: the stated matrix is invalid, and
    this version of ffmpeg decodes the video only without it.
    """

    hdr_spans: tuple[Span, ...] = ()
    pixel_aspects: tuple[PixelAspect, ...] = ()
    changes_matrix: bool = False
    erases_matrix: bool = False


NO_CHANGES = PictureChanges()

# Two names of the matrix of BT.601.
_SAME = {"bt470bg": "smpte170m"}


@dataclass(frozen=True, slots=True)
class RenditionPlan:
    """The properties of the picture that a rendition is made for, and their changes."""

    media: MediaInfo
    changes: PictureChanges = NO_CHANGES


def replanned(plan: RenditionPlan, log: FrameLog, max_height: int) -> RenditionPlan:
    """The plan that fits the decoded frames: the same one unless a lasting part needs another.

    The size is that of the largest lasting part. A deinterlacer, or a filter for transparency, that is not needed does
    no harm, so it stays.
    """
    if log.frame_count == 0:
        return plan
    media = _at_largest_size(plan.media, log, max_height)
    picture = media.picture
    if True in log.lasting(lambda kind: kind.is_interlaced):
        picture = replace(picture, is_interlaced=True)
    formats = log.lasting(lambda kind: kind.pixel_format)
    if not has_alpha(picture.pixel_format):
        picture = replace(picture, pixel_format=next(filter(has_alpha, formats), picture.pixel_format))
    guess = guessed_matrix(plan.media.width, plan.media.height)
    picture, changes = _with_colours(picture, plan.changes, log, guess)
    return RenditionPlan(replace(media, picture=picture), changes)


def _at_largest_size(media: MediaInfo, log: FrameLog, max_height: int) -> MediaInfo:
    """The media with the size of the largest lasting part; of two parts of the same area, the longer one."""
    sizes = log.lasting(_displayed_size)
    size = max(sizes, key=lambda size: (size[0] * size[1], sizes[size]))
    kind = next(kind for kind in log.kinds if _displayed_size(kind) == size)
    picture = replace(media.picture, pixel_aspect=kind.pixel_aspect)
    largest = replace(media, width=kind.width, height=kind.height, picture=picture)
    is_planned = rendition_size(largest, max_height) == rendition_size(media, max_height)
    return media if is_planned else largest


def _displayed_size(kind: FrameKind) -> tuple[int, int]:
    width, height = displayed(kind.width, kind.height, kind.pixel_aspect)
    return round(width), round(height)


def _with_colours(
    picture: VideoTrack, changes: PictureChanges, log: FrameLog, guess: str
) -> tuple[VideoTrack, PictureChanges]:
    """The dynamic range and the matrices of the lasting parts; with both ranges, the rendition is BT.709."""
    ranges = log.lasting(lambda kind: kind.is_hdr)
    if len(ranges) > 1:
        common = replace(picture, matrix="bt709", primaries="bt709", transfer="bt709")
        return common, replace(changes, hdr_spans=log.hdr_spans, changes_matrix=True)
    is_hdr = True in ranges
    if is_hdr != picture.is_hdr:
        transfers = log.lasting(lambda kind: kind.transfer)
        picture = replace(picture, transfer=next(iter(transfers)), primaries="")
    planned = _effective_matrix(picture.pixel_format, picture.matrix) or _SAME.get(guess, guess)
    matrices = set(log.lasting(lambda kind: _effective_matrix(kind.pixel_format, kind.matrix)))
    if is_hdr or matrices <= {planned, ""}:
        return picture, changes
    if len(matrices) == 1 and "rgb" not in matrices:
        return replace(picture, matrix=matrices.pop()), changes
    return picture, replace(changes, changes_matrix=True)


def _effective_matrix(pixel_format: str, matrix: str) -> str:
    """The colour matrix: `rgb` for pixels without one, and empty if it is unknown."""
    if is_rgb(pixel_format):
        return "rgb"
    return _SAME.get(matrix, matrix) if matrix in KNOWN_MATRICES else ""
