"""A transcriber that hears one sentence in all that is not silent."""

import asyncio
import wave
from pathlib import Path

from domain.model.errors import Rejected, TelecineError, Unavailable
from domain.model.speech_hints import NO_HINTS, SpeechHints
from domain.model.transcript import ChunkTranscript
from domain.ports.transcriber import Transcriber

SENTENCE = "The quick brown fox jumps over the lazy dog."


class FakeTranscriber(Transcriber):
    """Answers with `heard`, remembers the hints it was given, and fails or hangs when told to.

    `most_at_once` is how many calls were under way together at most.
    """

    def __init__(self, heard: ChunkTranscript | None = None) -> None:
        self.heard = heard or ChunkTranscript(SENTENCE, language="en")
        self.hints: list[SpeechHints] = []
        self.most_at_once = 0
        self.is_hanging = asyncio.Event()
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()
        self._under_way = 0
        self._error: TelecineError | None = None
        self._served_before: float = 0
        self._failures_left: float = 0

    @property
    def calls(self) -> int:
        """How often it was asked."""
        return len(self.hints)

    def fail(self, error: TelecineError, *, times: float = float("inf"), after: int = 0) -> None:
        """Raise this error from the next calls: so many, or all of them; some may go through before."""
        self._error = error
        self._served_before = after
        self._failures_left = times

    def hang(self) -> None:
        """Let the next calls wait until they are cancelled or may go on, but for those that fail.

        `is_hanging` tells when one does.
        """
        self._may_go_on.clear()

    def resume(self) -> None:
        """Let those that hang and the next ones go on."""
        self._may_go_on.set()

    async def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        self.hints.append(hints)
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            return await self._heard(chunk)
        finally:
            self._under_way -= 1

    async def _heard(self, chunk: Path) -> ChunkTranscript:
        self._fail_if_told()
        if not self._may_go_on.is_set():
            await self._hang()
        silent = await asyncio.to_thread(_is_silent, chunk)
        return ChunkTranscript("") if silent else self.heard

    def _fail_if_told(self) -> None:
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
            await self._may_go_on.wait()
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
