"""Why a video failed, and what a client should know although it did not."""

from dataclasses import dataclass
from enum import StrEnum

from domain.model.stage import StageName


class FailureCode(StrEnum):
    """The closed list of reasons in `failure.code`."""

    UPLOAD_FAILED = "upload_failed"
    SOURCE_MISSING = "source_missing"
    SOURCE_CHANGED = "source_changed"
    NOT_A_VIDEO = "not_a_video"
    MALFORMED_VIDEO = "malformed_video"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_LONG = "too_long"
    TOO_LARGE_PICTURE = "too_large_picture"
    TOO_MANY_STREAMS = "too_many_streams"
    FRAME_RATE_TOO_HIGH = "frame_rate_too_high"
    TRANSCRIPTION_FAILED = "transcription_failed"
    PROCESSING_FAILED = "processing_failed"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong for good, in which stage, in words a person can act on."""

    stage: StageName
    code: FailureCode
    message: str


class WarningCode(StrEnum):
    """The closed list of codes in `warnings[]`."""

    COMPRESSION_FAILED = "compression_failed"
    SOURCE_TRUNCATED = "source_truncated"
    TRANSCRIPTION_DISABLED = "transcription_disabled"
    POSTER_FAILED = "poster_failed"


@dataclass(frozen=True, slots=True)
class VideoWarning:
    """Something a client should know although the video is fine to use."""

    code: WarningCode
    message: str
