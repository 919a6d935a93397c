from enum import StrEnum


class KeptReason(StrEnum):
    PLAYED = "played"
    REQUESTED = "requested"
    UNPROVEN = "unproven"

    def __str__(self) -> str:
        return str(self.value)
