"""The local transcriber: one thread that loads the model on first use and transcribes one chunk at a time."""

import asyncio
import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from adapters.whisper.config import WhisperConfig
from domain.model.errors import Unavailable
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.language_choice import LanguageProbabilities
from domain.model.transcripts.transcript import ChunkTranscript
from domain.ports.transcriber import Transcriber


class SpeechEngine(Protocol):
    """A loaded model; it blocks."""

    def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        """The words in a chunk."""
        ...

    def detect_language(self, chunk: Path) -> LanguageProbabilities:
        """The probabilities of the languages that the model knows."""
        ...


def load_engine(config: WhisperConfig) -> SpeechEngine:
    """Import faster-whisper, which takes a while and may not be installed, and load the model.

    Raises:
        Unavailable: `transcriber_missing`, or one of the model's codes.
    """
    try:
        engine = importlib.import_module("adapters.whisper.engine")
    except ImportError as error:
        raise Unavailable(
            "Local transcription needs faster-whisper: install `telecine[local]`, or choose another transcriber.",
            code="transcriber_missing",
            retryable=False,
        ) from error
    loaded: SpeechEngine = engine.load(config)
    return loaded


class WhisperTranscriber(Transcriber):
    """Transcribes chunks in the order of the calls; an async context manager, because it owns a thread.

    Only that thread uses the model, so no lock is needed and no event loop is blocked.
    A cancelled call is abandoned: one in the queue is dropped, the result of a running one is discarded.
    """

    def __init__(self, config: WhisperConfig, *, load: Callable[[WhisperConfig], SpeechEngine] = load_engine) -> None:
        self._config = config
        self._load = load
        self._engine: SpeechEngine | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper")

    async def __aenter__(self) -> Self:
        """Accept calls; the first one loads the model."""
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the thread after the chunk that it is transcribing."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    async def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transcribe, chunk, hints)

    async def detect_language(self, chunk: Path) -> LanguageProbabilities:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._detect_language, chunk)

    def _transcribe(self, chunk: Path, hints: SpeechHints) -> ChunkTranscript:
        return self._loaded().transcribe(chunk, hints)

    def _detect_language(self, chunk: Path) -> LanguageProbabilities:
        return self._loaded().detect_language(chunk)

    def _loaded(self) -> SpeechEngine:
        if self._engine is None:
            self._engine = self._load(self._config)
        return self._engine
