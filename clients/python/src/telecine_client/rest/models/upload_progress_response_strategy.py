from enum import StrEnum


class UploadProgressResponseStrategy(StrEnum):
    MULTIPART = "multipart"
    SINGLE = "single"

    def __str__(self) -> str:
        return str(self.value)
