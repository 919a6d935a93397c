"""Runs the speech model. Only this module imports faster-whisper; it is imported when the model is loaded.

Everything here blocks and must run on the transcriber's thread.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from adapters.whisper.bundled_model import bundled_model
from adapters.whisper.config import BUNDLED_MODELS, WhisperConfig
from adapters.whisper.wav_samples import SAMPLE_RATE, read_samples
from domain.model.errors import Rejected, Unavailable
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.language_choice import LanguageProbabilities
from domain.model.transcripts.repetition import is_loop
from domain.model.transcripts.transcript import ChunkTranscript, Confidence, Segment

# Whisper's own rule: a window that probably contains no speech is dropped, unless the model is confident of its words.
# Its threshold of 0.6 would also drop speech in a language that the model does not know (up to 0.67), which has to be
# reported; music, noise and tones have 0.69 or more with `base`.
NO_SPEECH_THRESHOLD = 0.67
LOG_PROB_THRESHOLD = -1.0
# Measured with tiny.en: quiet, muffled or noisy speech gives at most 0.7; digital silence, noise and music give 0.83 or
# more, and in digital silence the model finds the word "you" with enough confidence (-0.7) to keep it.
CERTAINLY_NO_SPEECH = 0.8
# A tone: the model is in doubt about speech, and has no idea of words (-1.68 to -2.25 for 440 and 1000 Hz).
TONE_NO_SPEECH = 0.5
TONE_LOG_PROB = -1.6

MIN_PROBABILITY = 0.001

# Whisper's codes that differ from ISO 639-1: Javanese, Cantonese (mapped to Chinese), Hawaiian (has no code).
_ISO_639_1 = {"jw": "jv", "yue": "zh", "haw": None}
_WHISPER_CODES = {"jv": "jw"}


class _ModelSegment(Protocol):
    start: float
    end: float
    text: str
    no_speech_prob: float
    avg_logprob: float


class _Info(Protocol):
    language: str


class _Model(Protocol):
    @property
    def supported_languages(self) -> list[str]: ...

    def detect_language(self, audio: NDArray[np.float32], /) -> tuple[str, float, list[tuple[str, float]]]: ...

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
        with _translated_errors():
            found, language = self._run_model(samples, self._language(hints), ", ".join(hints.keywords) or None)
        spoken = _spoken(found, len(samples) / SAMPLE_RATE)
        if not spoken:
            return ChunkTranscript("")
        segments = tuple(_segments(spoken, len(samples) / SAMPLE_RATE))
        text = " ".join(segment.text for segment in segments)
        return ChunkTranscript(text, segments, _ISO_639_1.get(language, language), confidence=_confidence(spoken))

    def detect_language(self, chunk: Path) -> LanguageProbabilities:
        """The probabilities of the languages that the model knows, from 0.001 on; none for an empty chunk.

        A model for one language gives it all the probability.

        Raises:
            Rejected: `transcription_rejected`.
            Unavailable: `chunk_unreadable` or `transcriber_failed`.
        """
        samples, supported = read_samples(chunk), self._model.supported_languages
        if not len(samples):
            return {}
        if len(supported) == 1:
            return {supported[0]: 1.0}
        with _translated_errors():
            _, _, found = self._model.detect_language(samples)
        probabilities: dict[str, float] = {}
        for name, probability in found:
            code = _ISO_639_1.get(name, name)
            if code is not None and probability >= MIN_PROBABILITY:
                probabilities[code] = probabilities.get(code, 0.0) + float(probability)
        return probabilities

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


@contextmanager
def _translated_errors() -> Generator[None]:
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        raise Unavailable("The speech model failed.", code="transcriber_failed") from error


def load(config: WhisperConfig) -> FasterWhisper:
    """Load the model, on the CPU, in 8-bit integers.

    Raises:
        Unavailable: not retryable: `model_digest_mismatch`, `model_unusable`; retryable: `model_unreachable`,
            `disk_full`, `models_folder_unusable`.
    """
    model = str(bundled_model(config)) if config.model in BUNDLED_MODELS else config.model
    try:
        # Any: the library's own types contradict each other in a parameter that is not used here.
        loaded: Any = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=config.cpu_threads)
        return FasterWhisper(loaded)
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


def _spoken(found: Sequence[_ModelSegment], duration_s: float) -> list[_ModelSegment]:
    """The segments that are speech within the chunk; the model pads it to 30 s and may place words in the padding."""
    is_invented = is_loop(" ".join(segment.text for segment in found))
    return [
        segment
        for segment in found
        if segment.start < duration_s
        and any(map(str.isalnum, segment.text))
        and not _is_no_speech(segment, is_invented=is_invented)
    ]


def _is_no_speech(segment: _ModelSegment, *, is_invented: bool) -> bool:
    """Whether there is no speech; in noise, `base` repeats digits with high confidence."""
    no_speech = segment.no_speech_prob
    return (
        no_speech > CERTAINLY_NO_SPEECH
        or (no_speech > NO_SPEECH_THRESHOLD and is_invented)
        or (no_speech > TONE_NO_SPEECH and segment.avg_logprob < TONE_LOG_PROB)
    )


def _segments(spoken: Iterable[_ModelSegment], duration_s: float) -> Iterator[Segment]:
    for segment in spoken:
        yield Segment(float(segment.start), float(min(segment.end, duration_s)), segment.text.strip())


def _confidence(spoken: Sequence[_ModelSegment]) -> Confidence:
    """The means of the model's figures, weighted by the segments' duration."""
    weights = [max(segment.end - segment.start, 0.01) for segment in spoken]
    total = sum(weights)
    return Confidence(
        sum(weight * segment.avg_logprob for weight, segment in zip(weights, spoken, strict=True)) / total,
        sum(weight * segment.no_speech_prob for weight, segment in zip(weights, spoken, strict=True)) / total,
    )
