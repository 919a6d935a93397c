from enum import StrEnum
from typing import Self


class JobState(StrEnum):
    """A newer server may send other values; each is then a member without a name of its own."""

    DEAD = "dead"
    DONE = "done"
    QUEUED = "queued"
    RUNNING = "running"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
