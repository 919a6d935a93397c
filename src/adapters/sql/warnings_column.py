"""The column of a video's warnings, which older versions read too."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Dialect, Text, TypeDecorator

from adapters.sql.columns import as_json
from domain.model.failure import VideoWarning, WarningCode

# A process of an older version cannot read a row with a code that it does not know.
_KNOWN_TO_OLDER_VERSIONS = {
    WarningCode.SOURCE_PARTLY_USED: WarningCode.SOURCE_DAMAGED,
    WarningCode.AUDIO_UNDECODABLE: WarningCode.SOURCE_DAMAGED,
    WarningCode.SPEECH_NOT_RECOGNISED: WarningCode.TRANSCRIPTION_FAILED,
}


@dataclass(frozen=True, slots=True)
class StoredWarning:
    """A warning as JSON: `code` is one that every version knows, `exact_code` the code itself if it differs."""

    code: WarningCode
    message: str
    exact_code: WarningCode | None = None

    @classmethod
    def of(cls, warning: VideoWarning) -> "StoredWarning":
        """What is stored of a warning."""
        known = _KNOWN_TO_OLDER_VERSIONS.get(warning.code)
        return cls(known or warning.code, warning.message, None if known is None else warning.code)

    def warning(self) -> VideoWarning:
        """The stored warning, also if an earlier version has stored it."""
        return VideoWarning(self.exact_code or self.code, self.message)


class WarningsJson(TypeDecorator[tuple[VideoWarning, ...]]):
    """Warnings as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[VideoWarning, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else as_json(tuple(map(StoredWarning.of, value)))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[VideoWarning, ...] | None:
        if value is None:
            return None
        stored = msgspec.json.decode(value, type=tuple[StoredWarning, ...])
        return tuple(each.warning() for each in stored)
