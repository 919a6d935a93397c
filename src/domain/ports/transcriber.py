"""Speech to text."""

from abc import abstractmethod
from pathlib import Path
from typing import Protocol

from domain.model.speech_hints import NO_HINTS, SpeechHints
from domain.model.transcript import ChunkTranscript


class Transcriber(Protocol):
    """Hears one chunk of speech at a time; nothing is carried over from chunk to chunk."""

    @abstractmethod
    async def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        """The words in a 16-bit mono 16 kHz WAV file of at most 30 s; silence gives an empty text.

        A hint helps to hear right and is no order; without a language the transcriber finds it out.
        Segments, where the transcriber knows times, are in order and in seconds of the chunk.
        Cancelling the call abandons the request.

        Raises:
            Rejected: the transcriber will never take this chunk, whoever asks (`transcription_rejected`),
                or knows no such language (`language_unsupported`).
            UnreadableAnswer: it has answered, and can't be understood; no call asks again by itself, as each answer
                may have to be paid for.
            Unavailable: retryable for overload, time-outs, faults of the server and lost connections, with
                `retry_after_s` where the server named a time; not retryable for wrong credentials
                (`transcriber_unauthorized`) or a used-up quota (`insufficient_quota`).
        """
