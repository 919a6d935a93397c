from enum import StrEnum


class WarningCode(StrEnum):
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

    def __str__(self) -> str:
        return str(self.value)
