from enum import StrEnum


class FollowVideoUntilType1(StrEnum):
    TERMINAL = "terminal"

    def __str__(self) -> str:
        return str(self.value)
