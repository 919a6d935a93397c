from enum import StrEnum
from typing import Self


class QueueName(StrEnum):
    """A newer server may send other values; each is then a member without a name of its own."""

    IO = "io"
    MAINTENANCE = "maintenance"
    MEDIA = "media"
    WEBHOOKS = "webhooks"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
