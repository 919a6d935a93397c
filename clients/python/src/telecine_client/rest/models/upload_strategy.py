from enum import StrEnum


class UploadStrategy(StrEnum):
    AUTO = "auto"
    MULTIPART = "multipart"
    SINGLE = "single"

    def __str__(self) -> str:
        return str(self.value)
