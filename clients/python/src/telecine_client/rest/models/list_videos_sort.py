from enum import StrEnum
from typing import Self


class ListVideosSort(StrEnum):
    """A newer server may send other values; each is then a member without a name of its own."""

    CREATED_AT = "created_at"
    TITLE = "title"
    VALUE_0 = "-created_at"
    VALUE_3 = "-title"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
