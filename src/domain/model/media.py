"""Properties of media files, the limits that a source must meet, and the verification of renditions."""

import math
from dataclasses import dataclass
from enum import StrEnum

from domain.model.errors import CompressionFailed, MediaRejected
from domain.model.failure import FailureCode

MAX_SIDE_PIXELS = 8_192
MAX_PICTURE_PIXELS = 35_389_440  # 8192 x 4320: the largest picture of 8K DCI.
MAX_FRAME_RATE = 120.0
MAX_STREAMS = 16

_HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})


@dataclass(frozen=True, slots=True)
class PictureTrack:
    """The video track: its index in the file, and the properties of its pixels.

    `pixel_aspect` is a pixel's displayed width divided by its height, after rotation; `is_turned` says that the
    container asks for a rotation. Names of profiles, formats and colours are ffmpeg's, empty if the file has none.
    """

    index: int = 0
    pixel_format: str = ""
    pixel_aspect: float = 1.0
    is_turned: bool = False
    is_interlaced: bool = False
    matrix: str = ""
    primaries: str = ""
    transfer: str = ""
    duration_s: float | None = None
    profile: str = ""
    start_s: float = 0.0
    frame_count: int | None = None

    @property
    def is_hdr(self) -> bool:
        """Whether the transfer function is PQ or HLG."""
        return self.transfer in _HDR_TRANSFERS


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """The audio track: its index in the file and its properties, 0 if unknown; `language` is ISO 639-2."""

    index: int = 1
    channels: int = 0
    sample_rate_hz: int = 0
    language: str | None = None
    duration_s: float | None = None
    profile: str = ""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """A file as its container describes it; nothing has been decoded.

    `width` and `height` are in pixels, after rotation; `frame_rate` is in frames per second, 0.0 if unknown. Of several
    tracks, the ones that are played are described. `sound` is meaningless if `audio_codec` is None.
    """

    container: str
    duration_s: float
    width: int
    height: int
    frame_rate: float
    video_codec: str
    audio_codec: str | None
    stream_count: int
    size_bytes: int
    picture: PictureTrack = PictureTrack()
    sound: SoundTrack = SoundTrack()

    @property
    def has_audio(self) -> bool:
        """Whether there is an audio track."""
        return self.audio_codec is not None


@dataclass(frozen=True, slots=True)
class MediaPolicy:
    """The limits that every source must meet before any of it is decoded."""

    max_duration_s: float

    def check(self, media: MediaInfo) -> None:
        """Check the media against the limits.

        Raises:
            MediaRejected: `malformed_video`, `too_long`, `too_large_picture`,
                `frame_rate_too_high` or `too_many_streams`.
        """
        if media.stream_count > MAX_STREAMS:
            raise _rejected(FailureCode.TOO_MANY_STREAMS, f"The file has more than {MAX_STREAMS} streams.")
        if not (math.isfinite(media.duration_s) and media.duration_s > 0):
            raise _rejected(FailureCode.MALFORMED_VIDEO, "The file states no valid duration.")
        if media.duration_s > self.max_duration_s:
            raise _rejected(FailureCode.TOO_LONG, f"The video is longer than {self.max_duration_s:g} s.")
        self._check_picture(media)

    def _check_picture(self, media: MediaInfo) -> None:
        if min(media.width, media.height) < 1:
            raise _rejected(FailureCode.MALFORMED_VIDEO, "The file states no valid picture size.")
        if max(media.width, media.height) > MAX_SIDE_PIXELS or media.width * media.height > MAX_PICTURE_PIXELS:
            raise _rejected(FailureCode.TOO_LARGE_PICTURE, "The picture is larger than 8K.")
        if not media.frame_rate >= 0:  # Written so that NaN, which compares false, is rejected too.
            raise _rejected(FailureCode.MALFORMED_VIDEO, "The file states no valid frame rate.")
        if media.frame_rate > MAX_FRAME_RATE:
            message = f"The video has more than {MAX_FRAME_RATE:g} frames per second."
            raise _rejected(FailureCode.FRAME_RATE_TOO_HIGH, message)


class RenditionCodec(StrEnum):
    """How the picture of a rendition may be coded."""

    H264 = "h264"
    AV1 = "av1"


@dataclass(frozen=True, slots=True)
class CompressionProfile:
    """How a rendition is made: constant rate factor and preset are the codec's own, size and frame rate the largest."""

    crf: int
    max_height: int
    max_frame_rate: float
    preset: str
    audio_bitrate_kbps: int
    codec: RenditionCodec = RenditionCodec.H264


def duration_tolerance_s(source_duration_s: float) -> float:
    """The largest allowed difference between a rendition's duration and its source's: max(0.5 s, 1 %)."""
    return max(0.5, 0.01 * source_duration_s)


def check_rendition(source: MediaInfo, rendition: MediaInfo) -> None:
    """Check that the rendition is as long as its source, and so are its video and audio tracks.

    ffmpeg's exit code proves nothing: for a fast-start MP4 that was cut in half it is 0, with half the video.

    Raises:
        CompressionFailed: `source_truncated` if the rendition or one of its tracks is shorter than the source states;
            `compression_failed` if it is longer, or its picture or sound is missing.
    """
    tolerance_s = duration_tolerance_s(source.duration_s)
    _check_length(rendition.duration_s, source.duration_s, tolerance_s)
    if not rendition.duration_s - source.duration_s <= tolerance_s:
        raise CompressionFailed(
            f"The rendition is {rendition.duration_s - source.duration_s:.2f} s longer than its source."
        )
    if min(rendition.width, rendition.height) < 1:
        raise CompressionFailed("The rendition has no picture.")
    if source.has_audio and not rendition.has_audio:
        raise CompressionFailed("The rendition has no sound, but its source has.")
    # A container is as long as its longest track, so each track is checked too.
    if rendition.picture.duration_s is not None:
        claimed_s = source.duration_s if source.picture.duration_s is None else source.picture.duration_s
        _check_length(rendition.picture.duration_s, claimed_s, tolerance_s)
    if rendition.sound.duration_s is not None and source.sound.duration_s is not None:
        _check_length(rendition.sound.duration_s, source.sound.duration_s, tolerance_s)


def _check_length(made_s: float, claimed_s: float, tolerance_s: float) -> None:
    if made_s < claimed_s - tolerance_s:
        raise CompressionFailed(f"Only {made_s:.2f} s of {claimed_s:.2f} s could be read.", code="source_truncated")


def _rejected(code: FailureCode, message: str) -> MediaRejected:
    return MediaRejected(message, code=code.value)
