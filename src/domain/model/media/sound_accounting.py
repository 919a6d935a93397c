"""Decides whether the rendition of sound alone has all of its source's sound."""

from domain.model.errors import CompressionFailed
from domain.model.media.decoding_report import DecodingReport
from domain.model.media.media_info import MediaInfo
from domain.model.media.rendition_check import duration_tolerance_s

# The containers with a time for every packet: a recording may pause there. In the others the samples follow each other.
_PAUSING = frozenset({"avi", "flv", "matroska", "mov", "mpeg", "mpegts"})


def check_sound_alone(source: MediaInfo, report: DecodingReport) -> None:
    """Check that the source is as long as its header states, and was decoded without a hole.

    ffmpeg fills a hole with silence, some decoders log no error for it, and no frames of a picture show it.

    Raises:
        CompressionFailed: `source_truncated` or `source_damaged`.
    """
    if source.has_picture:
        return
    missing_s = _missing_s(source, report)
    is_loss = report.decode_errors > 0 or source.container not in _PAUSING
    if is_loss and missing_s > duration_tolerance_s(source.duration_s):
        raise CompressionFailed(f"Sound of {missing_s:.2f} s could not be read.", code="source_damaged")
    # The duration of a WAV is that of the samples which are there, whatever its header states.
    if source.container == "wav" and source.packets is not None and source.packets.is_cut:
        raise CompressionFailed("The file ends before the end that its header states.", code="source_truncated")


def _missing_s(source: MediaInfo, report: DecodingReport) -> float:
    """The time without decoded samples; 0.0 if it is unknown."""
    if report.decoded_samples is None or source.sound.sample_rate_hz == 0:
        return 0.0
    return source.duration_s - report.decoded_samples / source.sound.sample_rate_hz
