from enum import StrEnum
from typing import Self


class WarningCode(StrEnum):
    """A newer server may send other values; each is then a member without a name of its own."""

    ALREADY_SMALL = "already_small"
    AUDIO_UNDECODABLE = "audio_undecodable"
    COMPRESSION_FAILED = "compression_failed"
    POSTER_FAILED = "poster_failed"
    SOURCE_DAMAGED = "source_damaged"
    SOURCE_PARTLY_USED = "source_partly_used"
    SOURCE_TRUNCATED = "source_truncated"
    SPEECH_NOT_RECOGNISED = "speech_not_recognised"
    STORYBOARD_FAILED = "storyboard_failed"
    TRANSCRIPTION_DISABLED = "transcription_disabled"
    TRANSCRIPTION_FAILED = "transcription_failed"
    TRANSCRIPTION_TOO_LONG = "transcription_too_long"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
