from enum import StrEnum
from typing import Self


class EventType(StrEnum):
    """A newer server may send other values; each is then a member without a name of its own."""

    CAPTIONS_REMOVED = "captions.removed"
    CAPTIONS_REPLACED = "captions.replaced"
    IMPORT_FAILED = "import.failed"
    POSTER_FAILED = "poster.failed"
    POSTER_READY = "poster.ready"
    TRANSCRIPT_READY = "transcript.ready"
    UPLOAD_CANCELLED = "upload.cancelled"
    UPLOAD_COMPLETED = "upload.completed"
    UPLOAD_EXPIRED = "upload.expired"
    UPLOAD_FAILED = "upload.failed"
    VIDEO_COMPLETED = "video.completed"
    VIDEO_DELETED = "video.deleted"
    VIDEO_FAILED = "video.failed"
    VIDEO_PLAYABLE = "video.playable"
    VIDEO_PROCESSING = "video.processing"
    VIDEO_RETRIED = "video.retried"
    WEBHOOK_DISABLED = "webhook.disabled"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
