"""Doubtful words do not become captions."""

import pytest

from domain.model.transcripts.language_choice import SpokenLanguage
from domain.model.transcripts.recognition import doubt_about, is_doubtful, recognised
from domain.model.transcripts.transcript import ChunkTranscript, Confidence
from tests.support.builders import a_span

LOOP = "I am going to be doing a little bit of a good job, " * 7


def chunk(
    text: str = "Hello there.", log_prob: float = -0.3, no_speech: float = 0.1, *, language: float | None = None
) -> ChunkTranscript:
    """Words with the model's figures; `language` is the probability of a detected one."""
    spoken = None if language is None else SpokenLanguage("en", language)
    return ChunkTranscript(text, language="en", confidence=Confidence(log_prob, no_speech), spoken=spoken)


@pytest.mark.parametrize(
    "words",
    [
        chunk("I'm not sure if I can see you in the next video.", -1.06, 0.47),
        chunk("That's it, good job.", -0.88, 0.10),
        chunk(LOOP, -0.59, 0.35),
        chunk("I'm happy to be here, " * 20, -0.15, 0.40),
        chunk("I can't remember what I've been listening to.", -0.74, 0.36, language=0.30),
    ],
    ids=["French", "Chinese", "German", "Swahili", "played backwards"],
)
def test_invented_words_are_doubtful(words: ChunkTranscript) -> None:
    """The figures of the bundled models, with speech that they do not know."""
    assert is_doubtful(words)


@pytest.mark.parametrize(
    "words",
    [
        chunk(log_prob=-0.24, no_speech=0.58),
        chunk(log_prob=-0.82, no_speech=0.68),
        chunk(log_prob=-0.75, no_speech=0.32, language=0.60),
        chunk(log_prob=-0.5, language=0.4),
        ChunkTranscript(LOOP),
        chunk("", -3.0),
    ],
    ids=["quiet", "noisy", "short German", "uncertain language, certain words", "without figures", "no words"],
)
def test_understood_words_are_not_doubtful(words: ChunkTranscript) -> None:
    """Nor is anything that a transcriber says without figures."""
    assert not is_doubtful(words)


def test_doubtful_chunks_among_others_are_left_out() -> None:
    """A chunk without words still takes its place; so few seconds are not reported."""
    chunks = [(a_span(0.0, 45.0), chunk("One.")), (a_span(45.0, 50.0), chunk("Two.", -1.5))]
    assert [found.text for _, found in recognised(chunks)] == ["One.", ""]
    assert doubt_about(chunks) is None


def test_a_large_doubtful_part_is_reported() -> None:
    """The rest has captions."""
    chunks = [(a_span(0.0, 30.0), chunk("One.")), (a_span(30.0, 50.0), chunk("Two.", -1.5))]
    assert [found.text for _, found in recognised(chunks)] == ["One.", ""]
    assert doubt_about(chunks) == "20 of 50 seconds of speech could not be recognised and have no captions."


def test_mostly_doubtful_speech_gives_no_words() -> None:
    """A few plausible words among inventions are invented too."""
    chunks = [
        (a_span(0.0, 10.0), chunk("Thank you.")),
        (a_span(10.0, 40.0), chunk("Two.", -1.5)),
        (a_span(40.0, 90.0), ChunkTranscript("")),
    ]
    assert [found.text for _, found in recognised(chunks)] == ["", "", ""]
    assert (doubt_about(chunks) or "").startswith("The speech could not be recognised")


def test_without_words_there_is_no_doubt() -> None:
    """Music and noise are not speech."""
    assert doubt_about([(a_span(0.0, 10.0), ChunkTranscript(""))]) is None
    assert doubt_about([]) is None


def test_a_cut_off_word_is_not_reported() -> None:
    """It has no caption."""
    chunks = [(a_span(0.0, 1.5), chunk("The quick br", -1.5))]
    assert [found.text for _, found in recognised(chunks)] == [""]
    assert doubt_about(chunks) is None
