"""The local transcriber around its engine: one model, one thread."""

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from adapters.whisper.config import WhisperConfig
from adapters.whisper.transcriber import SpeechEngine, WhisperTranscriber, load_engine
from domain.model.errors import Unavailable
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.language_choice import LanguageProbabilities
from domain.model.transcripts.transcript import ChunkTranscript

pytestmark = pytest.mark.anyio


class RecordingEngine:
    """Returns the name of the chunk, and records its threads and the hints."""

    def __init__(self) -> None:
        self.threads: set[threading.Thread] = set()
        self.hints: list[SpeechHints] = []

    def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        """The name of the chunk."""
        self.threads.add(threading.current_thread())
        self.hints.append(hints)
        return ChunkTranscript(chunk.name)

    def detect_language(self, chunk: Path) -> LanguageProbabilities:
        """A language with the name of the chunk."""
        self.threads.add(threading.current_thread())
        return {chunk.name: 1.0}


async def test_the_model_is_loaded_once_and_by_the_first_call() -> None:
    """Concurrent calls wait for the same model, on one thread that is not the event loop's."""
    engine = RecordingEngine()
    loaded: list[WhisperConfig] = []

    def load(config: WhisperConfig) -> SpeechEngine:
        loaded.append(config)
        return engine

    async with WhisperTranscriber(WhisperConfig(model="base"), load=load) as transcriber:
        assert loaded == []
        transcripts = await asyncio.gather(*(transcriber.transcribe(Path(name)) for name in "abcdef"))

    assert [chunk.text for chunk in transcripts] == list("abcdef")
    assert loaded == [WhisperConfig(model="base")]
    assert len(engine.threads) == 1
    assert threading.current_thread() not in engine.threads


async def test_a_model_that_could_not_be_loaded_is_tried_again_by_the_next_call() -> None:
    """A hub that was out of reach may be available again."""
    faults = [Unavailable("The hub is away.", code="model_unreachable")]

    def load(_: WhisperConfig) -> SpeechEngine:
        if faults:
            raise faults.pop()
        return RecordingEngine()

    async with WhisperTranscriber(WhisperConfig(), load=load) as transcriber:
        with pytest.raises(Unavailable, match="away"):
            await transcriber.transcribe(Path("a"))
        assert (await transcriber.transcribe(Path("b"))).text == "b"


async def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Local transcription is an optional extra."""
    monkeypatch.setitem(sys.modules, "adapters.whisper.engine", None)

    async with WhisperTranscriber(WhisperConfig(), load=load_engine) as transcriber:
        with pytest.raises(Unavailable, match=r"telecine\[local\]") as caught:
            await transcriber.transcribe(Path("a"))

    assert (caught.value.code, caught.value.retryable) == ("transcriber_missing", False)


async def test_hints_reach_the_engine() -> None:
    """Each call has its own hints."""
    engine = RecordingEngine()
    async with WhisperTranscriber(WhisperConfig(), load=lambda _: engine) as transcriber:
        await transcriber.transcribe(Path("a"), SpeechHints("de"))
        await transcriber.transcribe(Path("b"))
    assert engine.hints == [SpeechHints("de"), NO_HINTS]


async def test_languages_are_detected_on_the_same_thread() -> None:
    """The first call loads the model, whichever it is."""
    engine = RecordingEngine()
    async with WhisperTranscriber(WhisperConfig(), load=lambda _: engine) as transcriber:
        assert await transcriber.detect_language(Path("de")) == {"de": 1.0}
        await transcriber.transcribe(Path("a"))
    assert len(engine.threads) == 1
