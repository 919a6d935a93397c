import itertools
from time import process_time

import pytest
from hypothesis import given

from domain.model.transcripts.alignment import align
from domain.model.transcripts.speech_intervals import Interval
from domain.model.transcripts.text_layout import breakable_parts
from tests.unit.model.transcripts.test_cues import speech_intervals, texts

LIMIT_S = 5.0  # A multiple of the time on a slow machine.


@given(texts.map(breakable_parts), speech_intervals())
def test_every_word_has_its_time_in_order(words: list[str], speech: tuple[Interval, ...]) -> None:
    """The times follow each other, each within an interval of speech."""
    times = align(words, speech)
    assert len(times) == len(words)
    for time in times:
        assert any(each.start_s <= time.start_s <= time.end_s <= each.end_s + 1e-9 for each in speech)
    assert all(one.end_s <= other.start_s + 1e-9 for one, other in itertools.pairwise(times))


@pytest.mark.parametrize(("words", "speech"), [([], (Interval(0.0, 1.0),)), (["word"], ())])
def test_no_words_or_no_speech_gives_no_times(words: list[str], speech: tuple[Interval, ...]) -> None:
    """There is nothing to align, or no speech to align it with."""
    assert align(words, speech) == []


@pytest.mark.parametrize(
    ("text", "speech", "starts_s"),
    [
        ("One two. Three four.", [(0, 1), (2, 3)], {"Three ": 2}),
        ("One, two three four.", [(0, 0.3), (1, 2.2)], {"two ": 1}),
        ("One two three four five six.", [(0, 1), (2, 3)], {"four ": 2}),
        ("No. Yes it is, and so on.", [(0, 0.2), (2, 4)], {"Yes ": 2}),
        ("Here it is. Good bye. Come back soon.", [(0, 1.6), (2, 3.2)], {"Come ": 2}),
        ("One two three four. Five six seven eight.", [(0, 2), (2.4, 2.5), (3, 5)], {"Five ": 3}),
    ],
    ids=["a sentence", "a comma", "a word", "a long pause", "two in one interval", "a cough in between"],
)
def test_speech_pauses_where_it_most_likely_does(
    text: str, speech: list[tuple[float, float]], starts_s: dict[str, float]
) -> None:
    """It pauses at the end of a sentence, after a comma, or where the durations suggest it."""
    words = breakable_parts(text)
    times = dict(zip(words, align(words, list(itertools.starmap(Interval, speech))), strict=True))
    assert {word: times[word].start_s for word in starts_s} == starts_s


def test_words_share_their_interval_by_letters() -> None:
    """Four letters take twice as long as two."""
    assert align(["ab ", "abcd"], [Interval(1.0, 4.0)]) == [Interval(1.0, 2.0), Interval(2.0, 4.0)]


@pytest.mark.parametrize(
    "text",
    ["a " * 2500, "word " * 1000, "x" * 5000, ". " * 2500, "thank you. " * 450, "\u6620" * 5000],
    ids=["letters", "words", "one word", "full stops", "one phrase", "ideographs"],
)
@pytest.mark.parametrize("step_s", [0.25, 0.01])
def test_hostile_text_is_aligned_quickly(text: str, step_s: float) -> None:
    """The search is bounded: five thousand characters over more intervals than a chunk can have."""
    speech = [Interval(step_s * number, step_s * number + 0.9 * step_s) for number in range(70)]
    words = breakable_parts(text)
    started_s = process_time()
    assert len(align(words, speech)) == len(words)
    assert process_time() - started_s < LIMIT_S
