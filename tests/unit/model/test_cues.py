import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.cues import (
    MAX_CUE_S,
    MAX_LINE_LENGTH,
    MAX_LINES,
    MIN_APART_S,
    MIN_CUE_S,
    Cue,
    cues_of_segments,
    cues_of_text,
    without_overlap,
)
from domain.model.speech import Interval
from tests.builders import a_cue

LONG_SENTENCE = "We went down to the sea and then we came back up the hill and sat there until the sun had gone."

letters = st.sampled_from(
    ["a", "B", "7", ".", "!", "?", "\u2026", "-", "<", "&", ">", "'", "\u00e9", "\u6620", "\u3002"]
)
words = st.text(letters, min_size=1, max_size=MAX_LINE_LENGTH)
spaces = st.sampled_from([" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u2028"])
texts = st.lists(st.tuples(words, spaces), max_size=40).map(lambda pairs: "".join(map("".join, pairs)))


@st.composite
def speech_intervals(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Some speech in order, from a tenth of a second to half a minute at a time."""
    intervals: list[Interval] = []
    moment_s = 0.0
    for _ in range(draw(st.integers(1, 6))):
        start_s = moment_s + draw(st.floats(0.0, 5.0))
        moment_s = start_s + draw(st.floats(0.1, 30.0))
        intervals.append(Interval(start_s, moment_s))
    return tuple(intervals)


def without_spaces(text: str) -> str:
    """The text with nothing but its words."""
    return "".join(text.split())


def check_shown(cues: tuple[Cue, ...]) -> None:
    """What every cue that reaches a screen must keep to."""
    for cue in cues:
        assert 0 <= cue.start_s < cue.end_s
        assert cue.end_s - cue.start_s <= MAX_CUE_S + 0.001
        assert 1 <= len(cue.lines) <= MAX_LINES
        assert all(0 < len(line) <= MAX_LINE_LENGTH for line in cue.lines)
        assert without_spaces("".join(cue.lines)) == without_spaces(cue.text)
    for one, other in itertools.pairwise(cues):
        assert one.start_s < other.start_s
        assert one.end_s <= other.start_s


@given(texts, speech_intervals())
def test_text_without_times_is_laid_over_the_speech_whole_and_in_order(text: str, speech: tuple[Interval, ...]) -> None:
    """Nothing is lost, nothing overlaps, and every cue fits on the screen."""
    cues = without_overlap(cues_of_text(text, speech))
    check_shown(cues)
    assert without_spaces("".join(cue.text for cue in cues)) == without_spaces(text)


@given(texts, speech_intervals())
def test_a_cue_starts_where_somebody_speaks(text: str, speech: tuple[Interval, ...]) -> None:
    """No cue is laid into a pause."""
    for cue in cues_of_text(text, speech):
        assert any(interval.start_s <= cue.start_s <= interval.end_s for interval in speech)


@given(st.lists(st.tuples(st.floats(0.0, 1000.0), st.floats(-5.0, 30.0), texts), max_size=8))
def test_segments_in_any_order_make_cues_in_order(segments: list[tuple[float, float, str]]) -> None:
    """Whatever times a transcriber gives, overlapping and backward ones too, no text is lost."""
    timed = [(Interval(start_s, start_s + length_s), text) for start_s, length_s, text in segments]
    cues = without_overlap(cues_of_segments(timed))
    check_shown(cues)
    said = without_spaces("".join(text for _, text in timed))
    assert sorted(without_spaces("".join(cue.text for cue in cues))) == sorted(said)


@given(st.text("ab ", min_size=1, max_size=300))
def test_a_word_longer_than_a_line_is_broken_not_lost(text: str) -> None:
    """An address without spaces still fits on the screen."""
    cues = without_overlap(cues_of_text(text, (Interval(0.0, 30.0),)))
    check_shown(cues)
    assert without_spaces("".join(cue.text for cue in cues)) == without_spaces(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t "], ids=ascii)
def test_an_empty_text_makes_no_cue(text: str) -> None:
    """Nothing said, nothing shown."""
    assert cues_of_text(text, (Interval(0.0, 10.0),)) == ()
    assert cues_of_segments([(Interval(0.0, 10.0), text)]) == ()


def test_text_without_speech_makes_no_cue() -> None:
    """There is no moment to show it at."""
    assert cues_of_text("Hello there.", ()) == ()


def test_sentences_share_the_speech_by_length() -> None:
    """Ten of twenty characters take half of the time."""
    cues = cues_of_text("Aaaaaaaaa. Bbbbbbbbb.", (Interval(0.0, 10.0),))
    assert cues == (Cue(0.0, 5.0, "Aaaaaaaaa."), Cue(5.0, 10.0, "Bbbbbbbbb."))


def test_a_cue_near_the_start_of_speech_is_snapped_to_it() -> None:
    """The second sentence is reckoned at 4.8 s, and somebody begins to speak at 5.0 s."""
    cues = cues_of_text("Aaaaaaaaa. Bbbbbbbbb.", (Interval(0.0, 4.9), Interval(5.0, 9.7)))
    assert [cue.start_s for cue in cues] == [0.0, 5.0]
    a_second_off = cues_of_text("Aaaaaaaaa. Bbbbbbbbb.", (Interval(0.0, 4.5), Interval(5.0, 8.5)))
    assert [cue.start_s for cue in a_second_off] == [0.0, 5.0]


def test_a_cue_far_from_the_start_of_speech_stays() -> None:
    """Beyond a second, the reckoning is the better guess."""
    cues = cues_of_text("Aaaaaaaaa. Bbbbbbbbb.", (Interval(0.0, 14.0), Interval(15.0, 17.0)))
    assert [cue.start_s for cue in cues] == [0.0, 8.0]


def test_a_cue_ends_with_its_speech_not_after_the_pause() -> None:
    """What is said up to the very end of an interval does not last until the next one."""
    cues = cues_of_text("Aaaaaaaaa. Bbbbbbbbb.", (Interval(0.0, 10.0), Interval(12.0, 22.0)))
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(0.0, 10.0), (12.0, 22.0)]


def test_a_long_sentence_is_divided_into_equal_cues() -> None:
    """In the sentence's own time, and no cue holds the one word that was left over."""
    cues = cues_of_segments([(Interval(10.0, 20.0), LONG_SENTENCE)])
    assert [cue.lines for cue in cues] == [
        ["We went down to the sea and then we came", "back"],
        ["up the hill and sat there until the sun", "had gone."],
    ]
    assert cues[0].start_s == 10.0
    assert cues[0].end_s == cues[1].start_s == pytest.approx(14.787, abs=0.001)
    assert cues[1].end_s == pytest.approx(20.0)


def test_a_long_sentence_is_broken_after_a_comma_near_its_share() -> None:
    """The better place to take a breath."""
    text = "We went down to the sea and then came back, up the hill and sat there until the sun had gone."
    assert [cue.text for cue in cues_of_segments([(Interval(0.0, 9.0), text)])] == [
        "We went down to the sea and then came back,",
        "up the hill and sat there until the sun had gone.",
    ]


def test_a_comma_is_passed_over_where_it_would_cost_a_cue() -> None:
    """Two cues that fit are better than three with a comma at the end of one."""
    text = f"{'abc ' * 17}abc, {'abc ' * 21}abc."
    assert [len(cue.text) for cue in cues_of_segments([(Interval(0.0, 9.0), text)])] == [80, 80]


def test_text_of_two_lines_that_wraps_into_three_takes_two_cues() -> None:
    """Words of 22 characters leave most of each line empty."""
    text = " ".join(["a" * 22, "b" * 22, "c" * 22])
    assert [cue.lines for cue in cues_of_segments([(Interval(0.0, 3.0), text)])] == [
        ["a" * 22],
        ["b" * 22, "c" * 22],
    ]


def test_words_that_fill_a_line_leave_no_empty_cue() -> None:
    """However unequal the words, each cue has one at least."""
    text = " ".join(["a" * 42, "b", "c" * 42, "d" * 42])
    cues = cues_of_segments([(Interval(0.0, 9.0), text)])
    check_shown(cues)
    assert without_spaces("".join(cue.text for cue in cues)) == without_spaces(text)


def test_a_transcript_without_a_full_stop_takes_no_time() -> None:
    """The search for equal pieces stays short however long the text is."""
    cues = cues_of_segments([(Interval(0.0, 14_400.0), "word " * 20_000)])
    assert len(cues) < 1400
    check_shown(without_overlap(cues))


ordinary_words = st.text("ab", min_size=1, max_size=12)
ordinary_sentences = st.lists(st.tuples(ordinary_words, st.sampled_from(["", "", "", ",", ";"])), min_size=1).map(
    lambda pairs: " ".join(map("".join, pairs))
)


@given(ordinary_sentences)
def test_the_cues_of_a_sentence_are_of_about_equal_length(sentence: str) -> None:
    """None is shorter than a third of the longest beside it."""
    cues = cues_of_segments([(Interval(0.0, 60.0), sentence)])
    for one, other in itertools.pairwise(cues):
        shorter, longer = sorted((len(one.text), len(other.text)))
        assert 3 * shorter >= longer


@given(ordinary_sentences, st.floats(1.5, 6.0))
def test_no_cue_of_a_sentence_with_time_enough_flashes(sentence: str, seconds_each: float) -> None:
    """A second and a half for each cue on average is a second at least for every one."""
    number = len(cues_of_segments([(Interval(0.0, 60.0), sentence)]))
    cues = cues_of_segments([(Interval(0.0, seconds_each * number), sentence)])
    assert min(cue.end_s - cue.start_s for cue in cues) >= MIN_CUE_S


def test_text_in_scripts_without_spaces_is_cut_at_full_stops() -> None:
    """An ideographic full stop ends a sentence although no space follows."""
    cues = cues_of_text("\u6620\u753b\u3002\u672c\u3002", (Interval(0.0, 5.0),))
    assert [cue.text for cue in cues] == ["\u6620\u753b\u3002", "\u672c\u3002"]


def test_space_after_an_ideographic_full_stop_is_not_shown() -> None:
    """A cue begins with its first character."""
    cues = cues_of_text("\u6620\u753b\u3002 \u672c\u3002", (Interval(0.0, 5.0),))
    assert [cue.text for cue in cues] == ["\u6620\u753b\u3002", "\u672c\u3002"]


def test_a_short_cue_is_held_for_a_second_where_there_is_room() -> None:
    """A flash can't be read; a neighbour is not covered either."""
    cues = without_overlap([a_cue(0.0, 0.1), a_cue(0.5, 0.6), a_cue(9.0, 60.0)])
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(0.0, 0.5), (0.5, 1.5), (9.0, 16.0)]


def test_cues_that_start_together_are_moved_apart() -> None:
    """Each is seen for a moment at least, in the order in which they were said."""
    cues = without_overlap([a_cue(text="one"), a_cue(text="two"), a_cue(text="three")])
    assert [cue.text for cue in cues] == ["one", "two", "three"]
    assert [cue.start_s for cue in cues] == pytest.approx([0.0, MIN_APART_S, 2 * MIN_APART_S])


def test_no_cues_stay_no_cues() -> None:
    """An empty list is fine."""
    assert without_overlap([]) == ()
