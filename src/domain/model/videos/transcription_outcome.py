"""The failure and the warnings that a transcription leaves on its video."""

from domain.model.failure import Failure, FailureCode, VideoWarning, WarningCode
from domain.model.stage import StageName

_TRANSCRIPTION_WARNINGS = frozenset(
    {
        WarningCode.TRANSCRIPTION_DISABLED,
        WarningCode.TRANSCRIPTION_TOO_LONG,
        WarningCode.TRANSCRIPTION_FAILED,
        WarningCode.SPEECH_NOT_RECOGNISED,
    }
)


def without_transcription_warnings(warnings: tuple[VideoWarning, ...]) -> tuple[VideoWarning, ...]:
    """The warnings that a new transcript or uploaded captions leave valid."""
    return tuple(warning for warning in warnings if warning.code not in _TRANSCRIPTION_WARNINGS)


def transcription_failure(reason: str = "") -> Failure:
    """The failure of a video whose speech could not be transcribed."""
    message = f"The video can be played, but its speech could not be transcribed. {reason}".rstrip()
    return Failure(StageName.TRANSCRIBE, FailureCode.TRANSCRIPTION_FAILED, message)
