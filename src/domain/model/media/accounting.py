"""Decides whether a rendition accounts for all of its source, so that the original may be erased."""

from domain.model.errors import CompressionFailed
from domain.model.media.decode_errors import check_decoded
from domain.model.media.decoding_report import DecodingReport
from domain.model.media.frame_rate import dropped_share, exceeds_rate, rendition_frame_rate
from domain.model.media.media_info import MediaInfo
from domain.model.media.packet_survey import UnusedBytes, UnusedKind
from domain.model.media.rendition_check import check_rendition
from domain.model.media.sound_accounting import check_sound_alone

# Frames that share their time with another one are dropped. A recording may begin with frames that refer to others
# from before its start, and these cannot be decoded.
MAX_DROPPED_FRAMES = 5
MAX_DROPPED_SHARE = 0.05
# Codecs with one frame per packet; VP8 and VP9 store invisible frames as packets too.
_FRAME_PER_PACKET = frozenset({"h264", "hevc", "mpeg4", "mpeg1video", "mjpeg", "prores", "theora", "h263", "flv1"})

# Interlaced H.264 may store the two fields of a frame as two packets, and not say so.
_MAX_PACKETS_PER_FRAME = 1.5

_KILOBYTE, _MEGABYTE = 1000, 1000**2


def check_accounted(source: MediaInfo, rendition: MediaInfo, report: DecodingReport, *, max_frame_rate: float) -> None:
    """Check that the rendition has everything that the packets of its source say; one rule for encode and remux.

    - It has the measured duration, and so have its tracks.
    - The source could be decoded.
    - Every part of the file is used, except the container's own data and padding.
    - No frames are missing, except those that a limit of the frame rate drops.

    Raises:
        CompressionFailed: `source_truncated`, `source_damaged`, `source_partly_used` or `compression_failed`.
    """
    _check_bytes(source)
    check_rendition(source, rendition)
    check_decoded(source, rendition, decode_errors=report.decode_errors, max_frame_rate=max_frame_rate)
    _check_frames(source, rendition, report, max_frame_rate)
    check_sound_alone(source, report)


def _check_bytes(source: MediaInfo) -> None:
    survey = source.packets
    if survey is None:
        return
    if not survey.is_complete:
        raise _partly_used("It could not be checked that all of the file was used.")
    lost_count = sum(track.lost_count for track in survey.tracks)
    if lost_count > 0:
        raise _partly_used(f"The file contains another recording, of which {lost_count} packets could not be used.")
    unused = survey.unused
    if unused is None or unused.kind is UnusedKind.PADDING:
        return
    raise _partly_used(_told(unused, source.size_bytes))


def _told(unused: UnusedBytes, size_bytes: int) -> str:
    share = f"{_size(size_bytes - unused.size_bytes)} of {_size(size_bytes)} could be used."
    if unused.kind is UnusedKind.RECORDING:
        return f"The file contains another recording at {_size(unused.start)}; {share}"
    return f"There is no picture or sound in {_size(unused.size_bytes)} at {_size(unused.start)}; {share}"


def _check_frames(source: MediaInfo, rendition: MediaInfo, report: DecodingReport, max_frame_rate: float) -> None:
    is_limited = exceeds_rate(source, max_frame_rate)
    expected = _limited_frames(source, report, max_frame_rate) if is_limited else _expected_frames(source, report)
    made = rendition.picture.frame_count
    if expected is None or made is None or rendition.video_codec == "av1":
        return
    if expected - made > max(MAX_DROPPED_FRAMES, MAX_DROPPED_SHARE * expected):
        raise _partly_used(f"Only {made} of {expected} frames could be used.")


def _limited_frames(source: MediaInfo, report: DecodingReport, max_frame_rate: float) -> int | None:
    """The frames that the limit of the frame rate leaves, at most those of the whole duration."""
    if report.decoded_frames is None:
        return None
    kept = report.decoded_frames // dropped_share(source, max_frame_rate)
    return min(kept, int(source.duration_s * rendition_frame_rate(source, max_frame_rate)))


def _expected_frames(source: MediaInfo, report: DecodingReport) -> int | None:
    if report.decoded_frames is not None:
        return report.decoded_frames
    packets = source.picture_packets
    if packets is None or source.video_codec not in _FRAME_PER_PACKET or source.picture.is_interlaced:
        return None
    are_fields = packets.packet_count > _MAX_PACKETS_PER_FRAME * source.frame_rate * packets.duration_s
    return None if are_fields else packets.packet_count


def _size(size_bytes: int) -> str:
    if size_bytes < _MEGABYTE:
        return f"{size_bytes / _KILOBYTE:.1f} kB"
    return f"{size_bytes / _MEGABYTE:.1f} MB"


def _partly_used(message: str) -> CompressionFailed:
    return CompressionFailed(message, code="source_partly_used")
