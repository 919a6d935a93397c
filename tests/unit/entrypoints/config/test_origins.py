"""Which origins the settings accept."""

import pytest

from entrypoints.config.loading import load_settings
from entrypoints.config.values import SettingsError

NAME = "TELECINE_CORS_ALLOWED_ORIGINS"


@pytest.mark.parametrize(
    "text",
    [
        "https://app.example.org",
        "https://a.example, https://b.example:8443",
        "http://localhost:5173",
        "http://[::1]:8000",
    ],
)
def test_origins_are_written_as_browsers_send_them(text: str) -> None:
    """Several are separated by commas."""
    settings = load_settings({NAME: text, "TELECINE_TRANSCRIBER": "none"})
    assert settings.server.allowed_origins == frozenset(part.strip() for part in text.split(","))


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https://*.example.org",
        "null",
        "https://App.example.org",
        "https://app.example.org/",
        "https://app.example.org/page",
        "https://app.example.org:443",
        "http://app.example.org:80",
        "https://ann:secret@app.example.org",
        "https://größe.example",
        "https://app.example.org:0",
        "ftp://app.example.org",
        "app.example.org",
        "https://app.example.org,",
        "https://app.example.org https://b.example",
    ],
)
def test_another_spelling_is_an_error(text: str) -> None:
    """It would never match, or match too much, so it is reported at start-up."""
    with pytest.raises(SettingsError) as caught:
        load_settings({NAME: text, "TELECINE_TRANSCRIBER": "none"})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{NAME}: ")
    assert "is not an origin as browsers send it" in problem
