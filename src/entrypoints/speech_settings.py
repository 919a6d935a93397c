"""What the settings say of speech."""

from domain.model.errors import Rejected
from domain.model.speech_hints import SpeechHints, keywords_of, speech_hints
from entrypoints.settings import Settings, variable

REMOTE_CHUNKS_AT_ONCE = 4
LOCAL_CHUNKS_AT_ONCE = 1

_FIELDS = {"invalid_language": "transcription_language", "invalid_keywords": "transcription_keywords"}


def general_hints(settings: Settings) -> SpeechHints:
    """What to expect in videos of which nobody says anything else.

    Raises:
        Rejected: `invalid_language` or `invalid_keywords`.
    """
    return speech_hints(settings.transcription_language, keywords_of(settings.transcription_keywords or ""))


def speech_contradictions(settings: Settings) -> list[str]:
    """What is wrong about the hints."""
    try:
        general_hints(settings)
    except Rejected as error:
        return [f"{variable(_FIELDS[error.code])}: {error.detail}"]
    return []


def chunks_at_once(settings: Settings) -> int:
    """How many chunks one process has heard at once: a server hears several, the model on this machine one by one."""
    usual = REMOTE_CHUNKS_AT_ONCE if settings.transcriber == "openai" else LOCAL_CHUNKS_AT_ONCE
    return settings.transcription_concurrency or usual
