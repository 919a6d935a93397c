from enum import StrEnum


class EndReason(StrEnum):
    DELETED = "deleted"
    EXPIRED = "expired"
    STOPPING = "stopping"
    TERMINAL = "terminal"

    def __str__(self) -> str:
        return str(self.value)
