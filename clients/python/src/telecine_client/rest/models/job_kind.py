from enum import StrEnum
from typing import Self


class JobKind(StrEnum):
    """A newer server may send other values; each is then a member without a name of its own."""

    DELIVER = "deliver"
    ERASE = "erase"
    IMPORT = "import"
    INDEX = "index"
    POSTER = "poster"
    PROCESS = "process"
    RETRANSCRIBE = "retranscribe"
    TRANSCRIBE = "transcribe"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
