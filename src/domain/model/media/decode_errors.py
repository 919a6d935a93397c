"""When a source counts as damaged although its rendition has the full length."""

from domain.model.errors import CompressionFailed
from domain.model.media.frame_rate import rendition_frame_rate
from domain.model.media.media_info import MediaInfo
from domain.model.media.rendition_check import duration_tolerance_s

# A clip that was cut out of a longer recording has an incomplete frame and an incomplete audio packet at each end.
MAX_DECODE_ERRORS = 4


def check_decoded(source: MediaInfo, rendition: MediaInfo, *, decode_errors: int, max_frame_rate: float) -> None:
    """Check that the source could be decoded, except for incomplete frames and packets at its ends.

    Where a container is corrupt, frames can be lost without a decode error of their own, so with at least one error the
    number of frames is checked as well. Without any error it is not: a recording of a still screen has few frames.

    Raises:
        CompressionFailed: `source_damaged`.
    """
    if decode_errors > MAX_DECODE_ERRORS:
        raise _damaged(f"It could not be decoded at {decode_errors} positions.")
    missing_s = _missing_s(source, rendition, max_frame_rate)
    if decode_errors > 0 and missing_s > duration_tolerance_s(source.duration_s):
        raise _damaged(f"Frames of {missing_s:.2f} s could not be read.")


def _missing_s(source: MediaInfo, rendition: MediaInfo, max_frame_rate: float) -> float:
    """The duration of the rendition's video track that no frame covers, in seconds; 0.0 if it can't be determined."""
    video = rendition.picture
    frame_rate = 0.0 if source.frame_rate == 0 else float(rendition_frame_rate(source, max_frame_rate))
    # An interlaced file may state the rate of its fields or the rate of its frames.
    if video.duration_s is None or video.frame_count is None or frame_rate == 0 or source.picture.is_interlaced:
        return 0.0
    return video.duration_s - video.start_s - video.frame_count / frame_rate


def _damaged(message: str) -> CompressionFailed:
    return CompressionFailed(message, code="source_damaged")
