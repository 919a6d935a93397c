"""A transcriber that returns one sentence for every chunk that is not silent."""

import asyncio
import wave
from pathlib import Path

from domain.model.errors import Rejected, TelecineError, Unavailable
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.language_choice import LanguageProbabilities
from domain.model.transcripts.transcript import ChunkTranscript
from domain.ports.transcriber import Transcriber

SENTENCE = "The quick brown fox jumps over the lazy dog."


class FakeTranscriber(Transcriber):
    """Returns `result` and records the given hints; `fail` and `hang` make it fail or hang.

    `max_concurrency` is the highest number of concurrent calls. `languages` is what it detects in the next chunks, the
    last one also in all further ones; without any it does not detect languages. `detections` counts the calls.
    """

    def __init__(self, result: ChunkTranscript | None = None) -> None:
        self.result = result or ChunkTranscript(SENTENCE, language="en")
        self.hints: list[SpeechHints] = []
        self.languages: list[LanguageProbabilities] = []
        self.detections = 0
        self.max_concurrency = 0
        self.is_hanging = asyncio.Event()
        self._may_continue = asyncio.Event()
        self._may_continue.set()
        self._running = 0
        self._error: TelecineError | None = None
        self._served_before: float = 0
        self._failures_left: float = 0

    @property
    def calls(self) -> int:
        """The number of calls."""
        return len(self.hints)

    def fail(self, error: TelecineError, *, times: float = float("inf"), after: int = 0) -> None:
        """Raise this error from the next `times` calls, by default from all, once `after` calls have succeeded."""
        self._error = error
        self._served_before = after
        self._failures_left = times

    def hang(self) -> None:
        """Make the next calls wait until `resume` or their cancellation, except those that fail.

        `is_hanging` is set while a call waits.
        """
        self._may_continue.clear()

    def resume(self) -> None:
        """Let the waiting and the next calls continue."""
        self._may_continue.set()

    async def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        self.hints.append(hints)
        self._running += 1
        self.max_concurrency = max(self.max_concurrency, self._running)
        try:
            return await self._result(chunk)
        finally:
            self._running -= 1

    async def detect_language(self, chunk: Path) -> LanguageProbabilities:
        self.detections += 1
        if not self.languages or await asyncio.to_thread(_is_silent, chunk):
            return {}
        return self.languages.pop(0) if len(self.languages) > 1 else self.languages[0]

    async def _result(self, chunk: Path) -> ChunkTranscript:
        self._raise_if_failing()
        if not self._may_continue.is_set():
            await self._hang()
        silent = await asyncio.to_thread(_is_silent, chunk)
        return ChunkTranscript("") if silent else self.result

    def _raise_if_failing(self) -> None:
        if self._error is None or self._failures_left <= 0:
            return
        if self._served_before > 0:
            self._served_before -= 1
            return
        self._failures_left -= 1
        raise self._error

    async def _hang(self) -> None:
        self.is_hanging.set()
        try:
            await self._may_continue.wait()
        finally:
            self.is_hanging.clear()


def _is_silent(chunk: Path) -> bool:
    try:
        with wave.open(str(chunk)) as audio:
            return not any(audio.readframes(audio.getnframes()))
    except (wave.Error, EOFError) as error:
        raise Rejected("The chunk of audio is not a WAV file.", code="transcription_rejected") from error
    except OSError as error:
        raise Unavailable("The chunk of audio could not be read.", code="chunk_unreadable") from error
