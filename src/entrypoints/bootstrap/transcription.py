"""Opens the transcriber."""

from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path

from adapters.openai.config import OpenAIConfig
from adapters.whisper.config import DEFAULT_MODEL, WhisperConfig
from adapters.whisper.transcriber import WhisperTranscriber
from domain.ports.clock import Clock
from domain.ports.transcriber import Transcriber
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import SettingsError


def check_local_extra(transcription: TranscriptionSettings) -> None:
    """Check that the local transcriber is installed, if it is chosen.

    Raises:
        SettingsError: it is not installed.
    """
    if transcription.transcriber == "local" and find_spec("faster_whisper") is None:
        raise SettingsError(
            ["TELECINE_TRANSCRIBER=local needs the extra `telecine[local]`; install it, or set it to openai or none"]
        )


async def open_transcriber(
    transcription: TranscriptionSettings, *, data_dir: Path, clock: Clock, stack: AsyncExitStack
) -> Transcriber | None:
    """Open the chosen transcriber; None if there is none."""
    match transcription.transcriber:
        case "none":
            return None
        case "local":
            return await stack.enter_async_context(WhisperTranscriber(whisper_config(transcription, data_dir)))
        case "openai":
            from adapters.openai.transcriber import open_transcriber as open_openai_transcriber

            return await stack.enter_async_context(open_openai_transcriber(openai_config(transcription), clock))


def whisper_config(transcription: TranscriptionSettings, data_dir: Path) -> WhisperConfig:
    """Return the configuration of the local model; a model that comes in parts is joined in the data folder."""
    return WhisperConfig(
        model=transcription.transcription_model or DEFAULT_MODEL,
        cpu_threads=transcription.whisper_threads,
        models_folder=data_dir / "models",
    )


def openai_config(transcription: TranscriptionSettings) -> OpenAIConfig:
    """Return the configuration of the adapter for OpenAI's API."""
    key = transcription.openai_api_key
    return OpenAIConfig(
        api_key=key.reveal() if key is not None else None,
        base_url=transcription.openai_base_url,
        model=transcription.transcription_model or OpenAIConfig().model,
        response_format=transcription.transcription_answer_format,
        timeout_s=transcription.transcription_timeout_seconds,
    )
