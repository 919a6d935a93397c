from enum import StrEnum
from typing import Self


class FailureCode(StrEnum):
    """A newer server may send other values; each is then a member without a name of its own."""

    ENCRYPTED_VIDEO = "encrypted_video"
    FILE_TOO_LARGE = "file_too_large"
    FRAME_RATE_TOO_HIGH = "frame_rate_too_high"
    IMPORT_BLOCKED = "import_blocked"
    IMPORT_FAILED = "import_failed"
    LIVE = "live"
    MALFORMED_VIDEO = "malformed_video"
    NOT_A_VIDEO = "not_a_video"
    NOT_FOUND = "not_found"
    PRIVATE = "private"
    PROCESSING_FAILED = "processing_failed"
    SOURCE_CHANGED = "source_changed"
    SOURCE_MISSING = "source_missing"
    STORAGE_QUOTA_EXCEEDED = "storage_quota_exceeded"
    TOO_LARGE_PICTURE = "too_large_picture"
    TOO_LONG = "too_long"
    TOO_MANY_STREAMS = "too_many_streams"
    TRANSCRIPTION_FAILED = "transcription_failed"
    UNSUPPORTED_CODEC = "unsupported_codec"
    UPLOAD_CANCELLED = "upload_cancelled"
    UPLOAD_EXPIRED = "upload_expired"
    UPLOAD_FAILED = "upload_failed"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
