from enum import StrEnum


class PresignedUploadResponseStrategy(StrEnum):
    MULTIPART = "multipart"
    SINGLE = "single"

    def __str__(self) -> str:
        return str(self.value)
