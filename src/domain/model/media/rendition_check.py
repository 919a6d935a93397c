"""Checks that a rendition can replace its source."""

from domain.model.errors import CompressionFailed
from domain.model.media.media_info import MediaInfo


def duration_tolerance_s(source_duration_s: float) -> float:
    """The largest allowed difference between a rendition's duration and its source's: max(0.5 s, 1 %)."""
    return max(0.5, 0.01 * source_duration_s)


def check_rendition(source: MediaInfo, rendition: MediaInfo) -> None:
    """Check that the rendition is as long as its source, and so are its video and audio tracks.

    ffmpeg's exit code does not show this: for a fast-start MP4 that was cut in half it is 0, with half the video.

    Raises:
        CompressionFailed: `source_truncated` if the rendition or one of its tracks is shorter than the source states;
            `compression_failed` if it is longer, or its picture or sound is missing.
    """
    tolerance_s = duration_tolerance_s(source.duration_s)
    leading_s = 0.0 if source.packets is None else source.packets.leading_s
    _check_length(rendition.duration_s, source.duration_s - leading_s, tolerance_s)
    if not rendition.duration_s - source.duration_s <= tolerance_s:
        raise CompressionFailed(
            f"The rendition is {rendition.duration_s - source.duration_s:.2f} s longer than its source."
        )
    if source.has_picture and min(rendition.width, rendition.height) < 1:
        raise CompressionFailed("The rendition has no picture.")
    if source.has_audio and not rendition.has_audio:
        raise CompressionFailed("The rendition has no sound, but its source has.")
    # A container is as long as its longest track, so each track is checked too.
    if rendition.picture.duration_s is not None:
        claimed_s = source.duration_s if source.picture.duration_s is None else source.picture.duration_s
        _check_length(rendition.picture.duration_s, claimed_s, tolerance_s)
    if rendition.sound.duration_s is not None and source.sound.duration_s is not None:
        _check_length(rendition.sound.duration_s, source.sound.duration_s, tolerance_s)


def _check_length(rendition_s: float, claimed_s: float, tolerance_s: float) -> None:
    if rendition_s < claimed_s - tolerance_s:
        raise CompressionFailed(
            f"Only {rendition_s:.2f} s of {claimed_s:.2f} s could be read.", code="source_truncated"
        )
