"""When a source counts as damaged, although a rendition of its whole length came out."""

from domain.model.errors import CompressionFailed
from domain.model.media import MediaInfo, duration_tolerance_s

# What was cut out of a longer recording has a picture and a piece of sound at each end that are not whole.
MAX_FAULTS = 4


def check_decoded(source: MediaInfo, rendition: MediaInfo, *, faults: int, max_frame_rate: float) -> None:
    """Pass when the source could be decoded, save for what is torn at its ends.

    Where its container is torn, too, frames are lost without a word: then their number tells. It tells nothing where
    nothing was amiss, for a screen that stands still has few frames.

    Raises:
        CompressionFailed: `source_damaged`.
    """
    if faults > MAX_FAULTS:
        raise _damaged(f"At {faults} places it could not be decoded.")
    missing_s = _missing_s(source, rendition, max_frame_rate)
    if faults > 0 and missing_s > duration_tolerance_s(source.duration_s):
        raise _damaged(f"Pictures of {missing_s:.2f} s could not be read.")


def _missing_s(source: MediaInfo, rendition: MediaInfo, max_frame_rate: float) -> float:
    """How much longer the rendition's picture is than its frames are together; 0.0 where nobody can tell."""
    picture, frame_rate = rendition.picture, min(source.frame_rate, max_frame_rate)
    # Of fields some files tell the rate, others that of the frames.
    if picture.duration_s is None or picture.frame_count is None or frame_rate == 0 or source.picture.is_interlaced:
        return 0.0
    return picture.duration_s - picture.start_s - picture.frame_count / frame_rate


def _damaged(message: str) -> CompressionFailed:
    return CompressionFailed(message, code="source_damaged")
