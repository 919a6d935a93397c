"""What the settings say of speech."""

from typing import Any

import pytest

from adapters.openai.config import OpenAIConfig
from domain.model.speech_hints import NO_HINTS, SpeechHints
from entrypoints.bootstrap.transcription import openai_config
from entrypoints.config.loading import load_settings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret, SettingsError


def test_by_default_nothing_is_hinted() -> None:
    """The transcriber finds out by itself."""
    assert TranscriptionSettings().hints == NO_HINTS


def test_hints_are_read_from_the_environment() -> None:
    """Keywords have commas between them."""
    environment = {
        "TELECINE_TRANSCRIPTION_LANGUAGE": "de",
        "TELECINE_TRANSCRIPTION_KEYWORDS": "Telecine, Ada Lovelace",
    }
    assert load_settings(environment).transcription.hints == SpeechHints("de", ("Telecine", "Ada Lovelace"))


@pytest.mark.parametrize(
    ("name", "text"), [("TELECINE_TRANSCRIPTION_LANGUAGE", "German"), ("TELECINE_TRANSCRIPTION_KEYWORDS", "<b>")]
)
def test_unsound_hints_are_told_at_the_start(name: str, text: str) -> None:
    """By the name of the variable."""
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
def test_a_server_hears_more_at_once_than_this_machine(given: dict[str, Any], expected: int) -> None:
    """Unless the operator knows better."""
    assert TranscriptionSettings(**given).concurrency == expected


def test_the_client_of_a_server_is_told_everything() -> None:
    """The key, the address, the model, the format, and how long to wait."""
    transcription = TranscriptionSettings(
        openai_api_key=Secret("sk-made-up"),
        openai_base_url="http://127.0.0.1:9000/v1",
        transcription_model="my-ear",
        transcription_answer_format="verbose_json",
        transcription_timeout_seconds=30.0,
    )
    assert openai_config(transcription) == OpenAIConfig(
        api_key="sk-made-up",
        base_url="http://127.0.0.1:9000/v1",
        model="my-ear",
        answer_format="verbose_json",
        timeout_s=30.0,
    )
    assert openai_config(TranscriptionSettings()) == OpenAIConfig()
