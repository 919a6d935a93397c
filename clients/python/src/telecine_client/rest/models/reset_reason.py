from enum import StrEnum


class ResetReason(StrEnum):
    DELETED = "deleted"
    INVALID = "invalid"

    def __str__(self) -> str:
        return str(self.value)
