from enum import StrEnum


class EventType(StrEnum):
    CAPTIONS_REMOVED = "captions.removed"
    CAPTIONS_REPLACED = "captions.replaced"
    IMPORT_FAILED = "import.failed"
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

    def __str__(self) -> str:
        return str(self.value)
