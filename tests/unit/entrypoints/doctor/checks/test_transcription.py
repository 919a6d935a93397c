"""The doctor's findings about the transcriber."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from domain.model.errors import Unavailable
from entrypoints.config.settings import Settings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret
from entrypoints.doctor.checks import transcription
from entrypoints.doctor.checks.transcription import check_model, transcriber_checks
from entrypoints.doctor.checks.transcription import check_server as check_transcriber
from entrypoints.doctor.report import Level, run_check

pytestmark = pytest.mark.anyio

KEY = "sk-canary-0123456789"


@contextmanager
def models_server(status: int, body: bytes) -> Generator[tuple[str, list[str]]]:
    """A server with this response to the list of models; yields its URL and the keys that it received."""
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send the response."""
            keys.append(self.headers.get("Authorization", ""))
            self.send_response(status if self.path == "/v1/models" else 418)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class has it)
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1", keys
        finally:
            server.shutdown()
            serving.join()


def listing(*models: str) -> bytes:
    """The format in which OpenAI's API lists models."""
    return json.dumps({"object": "list", "data": [{"id": model, "object": "model"} for model in models]}).encode()


@pytest.mark.parametrize(
    ("status", "body", "level", "seen"),
    [
        (200, listing("gpt-transcribe", "other"), Level.OK, "accepts the key"),
        (200, listing("other"), Level.FAILED, "does not offer 'gpt-transcribe'"),
        (200, b"<html>", Level.OK, "accepts the key"),
        (200, b"[]", Level.OK, "accepts the key"),
        (401, b"canary", Level.FAILED, "401: the key is rejected"),
        (403, b"canary", Level.FAILED, "403: the key is rejected"),
        (404, b"canary", Level.WARNING, "404"),
        (500, b"canary", Level.WARNING, "500"),
    ],
)
async def test_the_transcriber_is_asked_for_its_models(status: int, body: bytes, level: Level, seen: str) -> None:
    """The request is free and needs the key; neither the key nor the response is shown."""
    with models_server(status, body) as (base_url, keys):
        settings = Settings(
            transcription=TranscriptionSettings(
                transcriber="openai", openai_api_key=Secret(KEY), openai_base_url=base_url
            )
        )
        verdict = await check_transcriber(settings)
    assert keys == [f"Bearer {KEY}"]
    assert (verdict.level, seen in verdict.observation) == (level, True), verdict
    assert "canary" not in verdict.observation + verdict.remedy


async def test_a_transcriber_that_is_away_has_failed() -> None:
    """The remedy names the variable."""
    (check,) = transcriber_checks(
        Settings(transcription=TranscriptionSettings(transcriber="openai", openai_base_url="http://127.0.0.1:1/v1"))
    )
    found = await run_check(check)
    assert found.verdict.observation == "http://127.0.0.1:1/v1 cannot be reached (ConnectError)"
    assert "OPENAI_BASE_URL" in found.verdict.remedy


async def test_a_model_of_the_hub_is_not_fetched() -> None:
    """It may have gigabytes."""
    verdict = await check_model(Settings(transcription=TranscriptionSettings(transcription_model="large-v3")))
    assert verdict.level is Level.WARNING
    assert "TELECINE_TRANSCRIPTION_MODEL" in verdict.remedy


async def test_a_missing_extra_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the name to install."""

    def not_installed(_name: str) -> None:
        return None

    def import_fails(_config: object) -> None:
        raise Unavailable("Local transcription needs faster-whisper.", code="transcriber_missing")

    monkeypatch.setattr(transcription, "find_spec", not_installed)
    monkeypatch.setattr(transcription, "load_engine", import_fails)
    (check,) = transcriber_checks(Settings(transcription=TranscriptionSettings(transcription_model="large-v3")))
    found = await run_check(check)
    assert found.verdict.observation.endswith("(transcriber_missing)")
    assert "telecine[local]" in found.verdict.remedy


async def test_no_transcriber_is_fine() -> None:
    """It is configured so."""
    (check,) = transcriber_checks(Settings(transcription=TranscriptionSettings(transcriber="none")))
    assert (await run_check(check)).verdict.level is Level.OK
