"""A transcriber that hears one sentence in all that is not silent."""

import asyncio
import wave
from pathlib import Path

from domain.model.errors import Rejected, TelecineError, Unavailable
from domain.model.transcript import ChunkTranscript
from domain.ports.transcriber import Transcriber

SENTENCE = "The quick brown fox jumps over the lazy dog."


class FakeTranscriber(Transcriber):
    """Answers with `heard`, counts its calls, and fails or hangs when told to."""

    def __init__(self, heard: ChunkTranscript | None = None) -> None:
        self.heard = heard or ChunkTranscript(SENTENCE, language="en")
        self.calls = 0
        self.is_hanging = asyncio.Event()
        self._error: TelecineError | None = None
        self._failures_left: float = 0
        self._hangs = False

    def fail(self, error: TelecineError, *, times: float = float("inf")) -> None:
        """Raise this error from the next calls: so many, or all of them."""
        self._error = error
        self._failures_left = times

    def hang(self) -> None:
        """Let the next calls wait until they are cancelled; `is_hanging` tells when one does."""
        self._hangs = True

    async def transcribe(self, chunk: Path) -> ChunkTranscript:
        self.calls += 1
        if self._hangs:
            await self._wait_for_ever()
        if self._error and self._failures_left > 0:
            self._failures_left -= 1
            raise self._error
        silent = await asyncio.to_thread(_is_silent, chunk)
        return ChunkTranscript("") if silent else self.heard

    async def _wait_for_ever(self) -> None:
        self.is_hanging.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.is_hanging.clear()


def _is_silent(chunk: Path) -> bool:
    try:
        with wave.open(str(chunk)) as sound:
            return not any(sound.readframes(sound.getnframes()))
    except (wave.Error, EOFError) as error:
        raise Rejected("The chunk of audio is not a WAV file.", code="transcription_rejected") from error
    except OSError as error:
        raise Unavailable("The chunk of audio could not be read.", code="chunk_unreadable") from error
