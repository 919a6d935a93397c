"""The OpenAI adapter beyond the contract: its requests, its parsing of responses, and secrets."""

import asyncio
import logging
import traceback
from collections.abc import AsyncGenerator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from adapters.openai.config import OpenAIConfig
from adapters.openai.transcriber import open_transcriber
from adapters.openai.wav_chunk import MAX_CHUNK_BYTES
from domain.model.errors import Rejected, TelecineError
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript, Segment
from tests.contract.sound_fixtures import write_silence, write_wav
from tests.services.transcription_server import DROPPED_CONNECTION, SENTENCE, VERBOSE, Answer, in_json, refusal
from tests.unit.adapters.openai.openai_fixtures import KEY, Line, open_line

pytestmark = pytest.mark.anyio


@pytest.fixture
async def line() -> AsyncGenerator[Line]:
    """A transcriber and its scripted server."""
    async with open_line() as opened:
        yield opened


async def test_a_chunk_is_posted_as_the_api_asks(line: Line) -> None:
    """Model, format and file are form fields, the key is a bearer token; no prompt is carried over."""
    await line.transcribe()

    [posted] = line.server.posted
    assert posted.path == "/v1/audio/transcriptions"
    assert posted.headers["Authorization"] == f"Bearer {KEY}"
    assert posted.fields == {"model": "gpt-transcribe", "response_format": "json"}
    assert (posted.filename, posted.content) == ("chunk.wav", await asyncio.to_thread(line.chunk.read_bytes))


@pytest.mark.parametrize(
    ("config", "answer_format"),
    [
        (OpenAIConfig(), "json"),
        (OpenAIConfig(model="whisper-1"), "verbose_json"),
        (OpenAIConfig(model="gpt-4o-transcribe"), "json"),
        (OpenAIConfig(model="whisper-1", response_format="json"), "json"),
        (OpenAIConfig(model="Systran/faster-whisper-small"), "verbose_json"),
        (OpenAIConfig(model="my-ear", response_format="verbose_json"), "verbose_json"),
    ],
)
def test_the_format_follows_the_model_unless_it_is_set(config: OpenAIConfig, answer_format: str) -> None:
    """Whisper models return times on any server; others get the configured format."""
    assert config.form(NO_HINTS)["response_format"] == answer_format


HINTS = SpeechHints("de", ("Telecine", "Ada Lovelace"))


@pytest.mark.parametrize(
    ("model", "hints", "fields"),
    [
        ("gpt-transcribe", HINTS, {"languages[]": ["de"], "keywords[]": ["Telecine", "Ada Lovelace"]}),
        ("gpt-transcribe-2026-07-28", SpeechHints("de"), {"languages[]": ["de"]}),
        ("gpt-transcribe", SpeechHints(keywords=("R2",)), {"keywords[]": ["R2"]}),
        ("whisper-1", HINTS, {"language": "de", "prompt": "Telecine, Ada Lovelace"}),
        ("Systran/faster-whisper-small", SpeechHints("de"), {"language": "de"}),
    ],
)
async def test_hints_have_the_fields_of_the_model(
    line: Line, model: str, hints: SpeechHints, fields: dict[str, object]
) -> None:
    """The newest model has lists, and rejects the single language with them."""
    config = OpenAIConfig(api_key=KEY, base_url=line.server.base_url, model=model, response_format="json")
    async with open_transcriber(config, line.clock) as transcriber:
        await transcriber.transcribe(line.chunk, hints)

    [posted] = line.server.posted
    assert posted.fields == {"model": model, "response_format": "json", **fields}


@pytest.mark.parametrize("status", [400, 422])
async def test_hints_that_are_refused_cost_no_transcript(line: Line, status: int) -> None:
    """A model supports only some languages; without the hints it detects the language."""
    line.server.script.append(refusal(status, code="invalid_value"))

    assert (await line.transcribe(HINTS)).text == SENTENCE
    assert [sorted(posted.fields) for posted in line.server.posted] == [
        ["keywords[]", "languages[]", "model", "response_format"],
        ["model", "response_format"],
    ]


async def test_a_chunk_that_is_refused_without_hints_is_refused(line: Line) -> None:
    """The hints were not the reason."""
    line.server.script.extend([refusal(400)] * 3)

    with pytest.raises(Rejected):
        await line.transcribe(HINTS)

    assert len(line.server.posted) == 2


def test_a_server_without_keys_is_sent_none() -> None:
    """A self-hosted transcriber needs no credentials."""
    assert "Authorization" not in OpenAIConfig(base_url="http://127.0.0.1:9000/v1/").headers
    assert OpenAIConfig(base_url="http://127.0.0.1:9000/v1/").url == "http://127.0.0.1:9000/v1/audio/transcriptions"


@pytest.mark.parametrize(
    ("answer", "transcript"),
    [
        ({"text": " Hello. "}, ChunkTranscript("Hello.")),
        ({"text": ""}, ChunkTranscript("")),
        ({"text": "Hi", "usage": {"type": "tokens"}, "logprobs": None}, ChunkTranscript("Hi")),
        ({"text": "Hi", "segments": None, "language": None}, ChunkTranscript("Hi")),
        ({"text": "Hi", "segments": []}, ChunkTranscript("Hi")),
        ({"text": "Hallo", "language": "german"}, ChunkTranscript("Hallo", language="de")),
        ({"text": "Hallo", "language": "DE"}, ChunkTranscript("Hallo", language="de")),
        ({"text": "Aloha", "language": "hawaiian"}, ChunkTranscript("Aloha")),
        ({"text": "Bonjour", "languages": [{"code": "fr"}, {"code": "en"}]}, ChunkTranscript("Bonjour", language="fr")),
        ({"text": "Aloha", "languages": [{"code": "haw"}, {"code": "en"}]}, ChunkTranscript("Aloha", language="en")),
        ({"text": "Hm", "languages": []}, ChunkTranscript("Hm")),
        (
            {
                "text": "A B",
                "segments": [{"start": 1, "end": 2, "text": " B"}, {"start": -0.1, "end": 1, "text": " A"}],
            },
            ChunkTranscript("A B", (Segment(0.0, 1.0, "A"), Segment(1.0, 2.0, "B"))),
        ),
        (
            {"text": "A", "segments": [{"start": 2, "end": 1, "text": "A"}, {"start": 3, "end": 4, "text": " "}]},
            ChunkTranscript("A", (Segment(2.0, 2.0, "A"),)),
        ),
        (
            VERBOSE,
            ChunkTranscript(
                SENTENCE,
                (Segment(0.0, 1.4, "The quick brown fox"), Segment(1.4, 2.8, "jumps over the lazy dog.")),
                "en",
            ),
        ),
    ],
)
async def test_a_response_has_text_times_and_language(
    line: Line, answer: dict[str, Any], transcript: ChunkTranscript
) -> None:
    """Segments are used from any model; a language needs an ISO 639-1 code."""
    line.server.script.append(in_json(answer))

    assert await line.transcribe() == transcript


async def test_silence_makes_no_call(line: Line, tmp_path: Path) -> None:
    """A silent chunk costs nothing."""
    assert await line.transcriber.transcribe(write_silence(tmp_path / "a.wav", duration_s=15)) == ChunkTranscript("")
    assert line.server.posted == []


async def test_a_chunk_over_25_mib_is_never_sent(line: Line, tmp_path: Path) -> None:
    """The API's limit is known."""
    chunk = write_wav(tmp_path / "chunk.wav", repeat(1, MAX_CHUNK_BYTES // 2))

    with pytest.raises(Rejected, match="larger than 25 MiB") as caught:
        await line.transcriber.transcribe(chunk)

    assert caught.value.code == "transcription_rejected"
    assert line.server.posted == []


@pytest.mark.parametrize(
    "failure",
    [
        refusal(400, code=KEY),
        refusal(401, code=KEY),
        refusal(429, code=KEY),
        refusal(500, code=KEY),
        Answer(KEY.encode()),
        DROPPED_CONNECTION,
    ],
)
async def test_the_key_shows_nowhere(line: Line, caplog: pytest.LogCaptureFixture, failure: Answer) -> None:
    """Neither errors, their causes nor logs contain the key, even if the server repeats it."""
    caplog.set_level(logging.DEBUG, logger="httpx")
    line.server.script.extend([failure] * 3)

    with pytest.raises(TelecineError) as caught:
        await line.transcribe()

    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in caplog.text
