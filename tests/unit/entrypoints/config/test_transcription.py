"""Settings of transcription."""

from typing import Any

import pytest

from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from entrypoints.config.loading import load_settings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import SettingsError


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
