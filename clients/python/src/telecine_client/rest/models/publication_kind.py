from enum import StrEnum


class PublicationKind(StrEnum):
    ENCODED = "encoded"
    ORIGINAL = "original"
    REMUXED = "remuxed"

    def __str__(self) -> str:
        return str(self.value)
