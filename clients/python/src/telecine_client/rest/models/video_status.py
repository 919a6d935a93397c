from enum import StrEnum


class VideoStatus(StrEnum):
    COMPLETED = "completed"
    FAILED = "failed"
    PROCESSING = "processing"
    UPLOADED = "uploaded"
    UPLOADING = "uploading"

    def __str__(self) -> str:
        return str(self.value)
