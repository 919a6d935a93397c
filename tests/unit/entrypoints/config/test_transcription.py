"""Settings of transcription."""

from typing import Any

import pytest

from adapters.openai.config import OpenAIConfig
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from entrypoints.bootstrap.transcription import openai_config
from entrypoints.config.loading import load_settings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret, SettingsError


def test_by_default_there_are_no_hints() -> None:
    """The transcriber detects the language."""
    assert TranscriptionSettings().hints == NO_HINTS


def test_hints_are_read_from_the_environment() -> None:
    """Keywords are separated by commas."""
    environment = {
        "TELECINE_TRANSCRIPTION_LANGUAGE": "de",
        "TELECINE_TRANSCRIPTION_KEYWORDS": "Telecine, Ada Lovelace",
    }
    assert load_settings(environment).transcription.hints == SpeechHints("de", ("Telecine", "Ada Lovelace"))


@pytest.mark.parametrize(
    ("name", "text"), [("TELECINE_TRANSCRIPTION_LANGUAGE", "German"), ("TELECINE_TRANSCRIPTION_KEYWORDS", "<b>")]
)
def test_invalid_hints_are_errors(name: str, text: str) -> None:
    """The error names the variable."""
    with pytest.raises(SettingsError, match=name):
        load_settings({name: text})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 1),
        ({"transcriber": "openai"}, 4),
        ({"transcriber": "openai", "transcription_concurrency": 9}, 9),
        ({"transcription_concurrency": 2}, 2),
    ],
)
def test_a_server_transcribes_more_chunks_at_once_than_this_machine(given: dict[str, Any], expected: int) -> None:
    """Unless the operator sets the concurrency."""
    assert TranscriptionSettings(**given).concurrency == expected


def test_every_setting_reaches_the_openai_client() -> None:
    """The key, the URL, the model, the format and the timeout."""
    transcription = TranscriptionSettings(
        openai_api_key=Secret("sk-made-up"),
        openai_base_url="http://127.0.0.1:9000/v1",
        transcription_model="my-model",
        transcription_answer_format="verbose_json",
        transcription_timeout_seconds=30.0,
    )
    assert openai_config(transcription) == OpenAIConfig(
        api_key="sk-made-up",
        base_url="http://127.0.0.1:9000/v1",
        model="my-model",
        answer_format="verbose_json",
        timeout_s=30.0,
    )
    assert openai_config(TranscriptionSettings()) == OpenAIConfig()
