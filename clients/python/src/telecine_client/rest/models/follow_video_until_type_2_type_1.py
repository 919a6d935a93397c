from enum import StrEnum


class FollowVideoUntilType2Type1(StrEnum):
    TERMINAL = "terminal"

    def __str__(self) -> str:
        return str(self.value)
