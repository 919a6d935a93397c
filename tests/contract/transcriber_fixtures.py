"""Transcribers under test, each in an environment where the only speech is the sentence of the fixture."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from adapters.fakes.clock import FakeClock
from adapters.fakes.transcriber import FakeTranscriber
from adapters.openai.config import OpenAIConfig, ResponseFormat
from adapters.openai.transcriber import open_transcriber
from adapters.whisper.config import WhisperConfig
from adapters.whisper.transcriber import SpeechEngine, WhisperTranscriber, load_engine
from domain.model.errors import Unavailable
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.language_choice import LanguageProbabilities
from domain.model.transcripts.transcript import ChunkTranscript
from domain.ports.transcriber import Transcriber
from tests.services.transcription_server import HANG, refusal, running_transcription_server

TIMEOUT_S = 60.0


def _no_fault(fault: str) -> None:
    raise NotImplementedError(f"nothing outside this transcriber can be {fault}")


@dataclass(frozen=True)
class Subject:
    """A transcriber, and what a test may change in its environment."""

    transcriber: Transcriber
    hang: Callable[[], None]
    wait_until_hanging: Callable[[], Awaitable[object]]
    break_by: Callable[[str], None] = _no_fault


Opening = Callable[[], AbstractAsyncContextManager[Subject]]


@asynccontextmanager
async def fake() -> AsyncGenerator[Subject]:
    """The fake."""
    transcriber = FakeTranscriber()
    faults = {
        "overloaded": Unavailable("Busy.", code="transcriber_unavailable", retry_after_s=30.0),
        "unauthorized": Unavailable("No.", code="transcriber_unauthorized", retryable=False),
        "out_of_quota": Unavailable("No more.", code="insufficient_quota", retryable=False),
    }
    yield Subject(
        transcriber,
        transcriber.hang,
        transcriber.is_hanging.wait,
        lambda fault: transcriber.fail(faults[fault], times=1),
    )
    assert not transcriber.is_hanging.is_set()


def openai(answer_format: ResponseFormat) -> Opening:
    """The OpenAI adapter with a server on this machine."""
    faults = {
        "overloaded": refusal(429, headers={"Retry-After": "30"}),
        "unauthorized": refusal(401, code="invalid_api_key"),
        "out_of_quota": refusal(429, code="insufficient_quota"),
    }

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Subject]:
        with running_transcription_server() as server:
            config = OpenAIConfig(api_key="sk-made-up", base_url=server.base_url, response_format=answer_format)
            async with open_transcriber(config, FakeClock(auto=True)) as transcriber:
                yield Subject(
                    transcriber,
                    lambda: server.script.append(HANG),
                    lambda: asyncio.to_thread(server.is_hanging.wait, TIMEOUT_S),
                    lambda fault: server.script.append(faults[fault]),
                )

    return opened


@asynccontextmanager
async def whisper() -> AsyncGenerator[Subject]:
    """The local transcriber with the bundled model."""
    engine = HeldEngine(_loaded_engine())
    async with WhisperTranscriber(WhisperConfig(), load=lambda _: engine) as transcriber:
        try:
            yield Subject(
                transcriber, engine.may_continue.clear, lambda: asyncio.to_thread(engine.is_held.wait, TIMEOUT_S)
            )
        finally:
            engine.may_continue.set()


class HeldEngine:
    """An engine that a test can hold in the middle of its work, on its own thread."""

    def __init__(self, engine: SpeechEngine) -> None:
        self._engine = engine
        self.is_held = threading.Event()
        self.may_continue = threading.Event()
        self.may_continue.set()

    def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        """The result of the engine, as soon as the test lets it continue."""
        if not self.may_continue.is_set():
            self.is_held.set()
            self.may_continue.wait()
        return self._engine.transcribe(chunk, hints)

    def detect_language(self, chunk: Path) -> LanguageProbabilities:
        """The result of the engine."""
        return self._engine.detect_language(chunk)


@cache
def _loaded_engine() -> SpeechEngine:
    """Loaded once for all tests, because it takes a second."""
    return load_engine(WhisperConfig(model="tiny.en"))


WITH_EXTERNAL_SERVICE: dict[str, Opening] = {
    "fake": fake,
    "openai-json": openai("json"),
    "openai-verbose_json": openai("verbose_json"),
}
OPENINGS: dict[str, Opening] = {**WITH_EXTERNAL_SERVICE, "whisper": whisper}
