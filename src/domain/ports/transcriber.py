"""Speech to text."""

from abc import abstractmethod
from pathlib import Path
from typing import Protocol

from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.language_choice import LanguageProbabilities
from domain.model.transcripts.transcript import ChunkTranscript


class Transcriber(Protocol):
    """Transcribes one chunk of speech at a time; no context is passed from chunk to chunk."""

    @abstractmethod
    async def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        """Transcribe a 16-bit mono 16 kHz WAV file of at most 30 s; silence gives an empty text.

        Hints improve the result but do not determine it; without a language the transcriber detects it.
        Segments, if the transcriber gives times, are in order and in seconds from the chunk's start.
        Cancelling the call abandons the request.

        Raises:
            Rejected: the transcriber never accepts this chunk (`transcription_rejected`) or does not support the
                language (`language_unsupported`).
            UnreadableResponse: the response could not be parsed. The adapter does not repeat the request, because each
                response may cost money.
            Unavailable: retryable for overload, time-outs, server errors and lost connections, with `retry_after_s` if
                the server gave one; not retryable for wrong credentials (`transcriber_unauthorized`) or an exhausted
                quota (`insufficient_quota`).
        """

    @abstractmethod
    async def detect_language(self, chunk: Path) -> LanguageProbabilities:
        """The probabilities of the languages that the transcriber knows, by ISO 639-1 code; at most 1 in total.

        Empty if the transcriber does not detect languages, or the chunk has no audio: then `transcribe` is called
        without a language, and detects it for each chunk if it can. A transcriber for one language gives it 1.0.

        Raises:
            Rejected: `transcription_rejected`, as `transcribe`.
            Unavailable: as `transcribe`.
        """
