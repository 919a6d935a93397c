"""The language of a video: what its client says, what its container says, and what a model hears in several chunks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.language_codes import iso_639_1
from domain.model.transcripts.speech_intervals import AudioSpan

MAX_SAMPLES = 5

# Cameras write `eng` into every file. A tag is ignored if another language has at least this probability, and the tag's
# at most the second.
CERTAIN = 0.8
IMPROBABLE = 0.1

LIKELY = 0.5

LanguageProbabilities = Mapping[str, float]
"""Probabilities by ISO 639-1 code; empty if the transcriber does not detect languages."""


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """The language that all chunks of a video are transcribed in.

    `probability` is that of the detection, None if the language comes from a client, a container or the settings.
    """

    code: str
    probability: float | None = None

    @property
    def is_uncertain(self) -> bool:
        """Whether it was detected with less than half of the probability."""
        return self.probability is not None and self.probability < LIKELY


def samples(spans: Sequence[AudioSpan]) -> list[int]:
    """The indexes of up to five spans to detect the language in: the richest in speech of each fifth."""
    count = min(MAX_SAMPLES, len(spans))
    parts = [range(len(spans) * part // count, len(spans) * (part + 1) // count) for part in range(count)]
    return [max(part, key=lambda index: speech_s(spans[index])) for part in parts]


def speech_s(span: AudioSpan) -> float:
    """Return the seconds of speech in a span."""
    return sum(interval.duration_s for interval in span.speech)


def combined(detected: Iterable[tuple[AudioSpan, LanguageProbabilities]]) -> dict[str, float]:
    """The mean of the chunks' probabilities, weighted by their seconds of speech.

    A mean of probabilities instead of a vote: a chunk in which the model is certain counts more than several in which
    it guesses.
    """
    sums: dict[str, float] = defaultdict(float)
    total_s = 0.0
    for span, probabilities in detected:
        if probabilities:
            weight_s = speech_s(span)
            total_s += weight_s
            for code, probability in probabilities.items():
                sums[code] += weight_s * probability
    return {code: weighted / total_s for code, weighted in sums.items()}


def known_language(client: SpeechHints, tag: str | None, defaults: SpeechHints) -> SpokenLanguage | None:
    """The language that needs no detection: the client's, or without a container's tag the server's default."""
    code = client.language or (None if tag_language(tag) else defaults.language)
    return None if code is None else SpokenLanguage(code)


def chosen_language(tag: str | None, probabilities: LanguageProbabilities) -> SpokenLanguage | None:
    """The container's language unless the detection contradicts it clearly, else the most probable one.

    None if neither is known; then the transcriber detects the language of each chunk.
    """
    code = tag_language(tag)
    if not probabilities:
        return None if code is None else SpokenLanguage(code)
    likeliest = max(probabilities, key=probabilities.__getitem__)
    is_contradicted = probabilities[likeliest] >= CERTAIN and probabilities.get(code or "", 0.0) <= IMPROBABLE
    if code is not None and code in probabilities and not is_contradicted:
        return SpokenLanguage(code)
    return SpokenLanguage(likeliest, round(probabilities[likeliest], 4))


def tag_language(tag: str | None) -> str | None:
    """The ISO 639-1 code of a container's tag, which is ISO 639-2; None if it has none."""
    return None if tag is None else iso_639_1(tag)
