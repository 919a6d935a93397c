"""The language of a video, from hints, tags and probabilities."""

import pytest

from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.language_choice import (
    SpokenLanguage,
    chosen_language,
    combined,
    known_language,
    samples,
    speech_s,
)
from domain.model.transcripts.speech_intervals import AudioSpan, Interval

GERMAN = SpeechHints("de")


def span(start_s: float, *, speech_s: float = 10.0) -> AudioSpan:
    """Fifteen seconds with this much speech."""
    return AudioSpan(start_s, start_s + 15.0, (Interval(start_s, start_s + speech_s),))


@pytest.mark.parametrize(("count", "chosen"), [(0, []), (1, [0]), (3, [0, 1, 2]), (5, [0, 1, 2, 3, 4])])
def test_a_short_video_is_heard_whole(count: int, chosen: list[int]) -> None:
    """Up to five chunks are all used."""
    assert samples([span(15.0 * index) for index in range(count)]) == chosen


def test_samples_are_spread_and_rich_in_speech() -> None:
    """One in each fifth: an intro in another language is one of five."""
    rich = {3, 6, 9, 14, 18}
    spans = [span(15.0 * index, speech_s=14.0 if index in rich else 5.0) for index in range(20)]
    assert samples(spans) == sorted(rich)


def test_probabilities_are_weighted_by_speech() -> None:
    """Two guesses do not outvote a certainty; chunks without a detection do not count."""
    found = combined(
        [
            (span(0.0), {"nn": 0.4, "de": 0.3}),
            (span(15.0), {"nn": 0.4, "de": 0.3}),
            (span(30.0, speech_s=5.0), {"de": 0.99}),
            (span(45.0), {}),
        ]
    )
    assert found == pytest.approx({"nn": 8.0 / 25.0, "de": (6.0 + 4.95) / 25.0})
    assert combined([(span(0.0), {})]) == {}


def test_the_client_counts_most_then_the_tag_then_the_default() -> None:
    """A client knows its video; a default is for all of them."""
    assert known_language(GERMAN, "eng", SpeechHints("fr")) == SpokenLanguage("de")
    assert known_language(NO_HINTS, "eng", SpeechHints("fr")) is None
    assert known_language(NO_HINTS, "und", SpeechHints("fr")) == SpokenLanguage("fr")
    assert known_language(NO_HINTS, None, SpeechHints("fr")) == SpokenLanguage("fr")
    assert known_language(NO_HINTS, None, NO_HINTS) is None


@pytest.mark.parametrize(
    ("tag", "probabilities", "language"),
    [
        ("ger", {"nl": 0.7, "de": 0.2}, SpokenLanguage("de")),
        ("ger", {"nl": 0.9, "de": 0.1}, SpokenLanguage("nl", 0.9)),
        ("eng", {"de": 0.95, "en": 0.02}, SpokenLanguage("de", 0.95)),
        ("eng", {"de": 0.5, "en": 0.05}, SpokenLanguage("en")),
        ("gle", {"en": 0.4, "cy": 0.3}, SpokenLanguage("en", 0.4)),
        ("ger", {"en": 1.0}, SpokenLanguage("en", 1.0)),
        ("ger", {}, SpokenLanguage("de")),
        ("und", {"es": 0.6, "pt": 0.3}, SpokenLanguage("es", 0.6)),
        (None, {"es": 0.6, "pt": 0.3}, SpokenLanguage("es", 0.6)),
        (None, {}, None),
    ],
)
def test_a_tag_holds_unless_the_detection_contradicts_it(
    tag: str | None, probabilities: dict[str, float], language: SpokenLanguage | None
) -> None:
    """It is advice: a language that the model does not know, or hardly hears, gives way."""
    assert chosen_language(tag, probabilities) == language


def test_only_a_detected_language_is_uncertain() -> None:
    """Below half of the probability."""
    assert SpokenLanguage("de", 0.49).is_uncertain
    assert not SpokenLanguage("de", 0.5).is_uncertain
    assert not SpokenLanguage("de").is_uncertain


def test_speech_is_counted_without_pauses() -> None:
    """A span also contains silence."""
    assert speech_s(AudioSpan(0.0, 15.0, (Interval(0.0, 2.0), Interval(10.0, 12.5)))) == 4.5
