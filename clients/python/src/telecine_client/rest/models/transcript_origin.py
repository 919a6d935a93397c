from enum import StrEnum


class TranscriptOrigin(StrEnum):
    GENERATED = "generated"
    UPLOADED = "uploaded"

    def __str__(self) -> str:
        return str(self.value)
