import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.transcripts.cues import (
    MAX_COLUMNS_PER_S,
    MAX_CUE_S,
    MIN_CUE_S,
    MIN_START_DISTANCE_S,
    Cue,
    cues_of_segments,
    cues_of_text,
    without_overlap,
)
from domain.model.transcripts.speech_intervals import Interval
from domain.model.transcripts.text_layout import MAX_LINE_LENGTH, MAX_LINES, columns
from tests.support.builders import a_cue

LONG_SENTENCE = "We went down to the sea and then we came back up the hill and sat there until the sun had gone."

letters = st.sampled_from(
    [
        *("a", "B", "7", ".", "!", "?", ",", "\u2026", "-", "<", "&", ">", "'", "\u00e9", "\u0301", "\u05d0"),
        *("\u6620", "\u3002", "\u300c", "\u200d", "\U0001f469", "\U0001f3fd"),
    ]
)
words = st.text(letters, min_size=1, max_size=MAX_LINE_LENGTH)
spaces = st.sampled_from([" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u2028"])
texts = st.lists(st.tuples(words, spaces), max_size=40).map(lambda pairs: "".join(map("".join, pairs)))


@st.composite
def speech_intervals(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Some speech in order, in intervals of a tenth of a second to half a minute."""
    intervals: list[Interval] = []
    moment_s = 0.0
    for _ in range(draw(st.integers(1, 6))):
        start_s = moment_s + draw(st.floats(0.0, 5.0))
        moment_s = start_s + draw(st.floats(0.1, 30.0))
        intervals.append(Interval(start_s, moment_s))
    return tuple(intervals)


def without_spaces(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def check_shown(cues: tuple[Cue, ...]) -> None:
    """Check what must be true of every cue that is shown."""
    for cue in cues:
        assert 0 <= cue.start_s < cue.end_s
        assert cue.end_s - cue.start_s <= MAX_CUE_S + 0.001
        assert 1 <= len(cue.lines) <= MAX_LINES
        assert all(line and columns(line) <= MAX_LINE_LENGTH for line in cue.lines)
        assert without_spaces("".join(cue.lines)) == without_spaces(cue.text)
    for one, other in itertools.pairwise(cues):
        assert one.start_s < other.start_s
        assert one.end_s <= other.start_s


@given(texts, speech_intervals())
def test_text_without_times_is_aligned_whole_and_in_order(text: str, speech: tuple[Interval, ...]) -> None:
    """No text is lost, no cues overlap, and every cue fits on the screen."""
    cues = without_overlap(cues_of_text(text, speech))
    check_shown(cues)
    assert without_spaces("".join(cue.text for cue in cues)) == without_spaces(text)


@given(texts, speech_intervals())
def test_a_cue_starts_where_there_is_speech(text: str, speech: tuple[Interval, ...]) -> None:
    """No cue starts in a pause."""
    for cue in cues_of_text(text, speech):
        assert any(interval.start_s <= cue.start_s <= interval.end_s for interval in speech)


@given(st.lists(st.tuples(st.floats(0.0, 1000.0), st.floats(-5.0, 30.0), texts), max_size=8))
def test_segments_in_any_order_make_cues_in_order(segments: list[tuple[float, float, str]]) -> None:
    """No text is lost, even with overlapping or backward times."""
    timed = [(Interval(start_s, start_s + length_s), text) for start_s, length_s, text in segments]
    cues = without_overlap(cues_of_segments(timed))
    check_shown(cues)
    expected = without_spaces("".join(text for _, text in timed))
    assert sorted(without_spaces("".join(cue.text for cue in cues))) == sorted(expected)


@given(st.text("ab ", min_size=1, max_size=300))
def test_a_word_longer_than_a_line_is_broken_not_lost(text: str) -> None:
    """An address without spaces still fits on the screen."""
    cues = without_overlap(cues_of_text(text, (Interval(0.0, 30.0),)))
    check_shown(cues)
    assert without_spaces("".join(cue.text for cue in cues)) == without_spaces(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t "], ids=ascii)
def test_an_empty_text_makes_no_cue(text: str) -> None:
    """Without text there is nothing to show."""
    assert cues_of_text(text, (Interval(0.0, 10.0),)) == ()
    assert cues_of_segments([(Interval(0.0, 10.0), text)]) == ()


def test_text_without_speech_makes_no_cue() -> None:
    """Without speech there is no time to show it at."""
    assert cues_of_text("Hello there.", ()) == ()


def test_sentences_share_the_speech_by_length() -> None:
    """Ten of twenty letters take half of the time."""
    cues = cues_of_text("Aaaaaaaaaa. Bbbbbbbbbb.", (Interval(0.0, 10.0),))
    assert cues == (Cue(0.0, 5.0, "Aaaaaaaaaa."), Cue(5.0, 10.0, "Bbbbbbbbbb."))


def test_a_sentence_starts_where_speech_begins() -> None:
    """By its length alone, the second one would start at 4.4 s."""
    cues = cues_of_text("We went down to the sea. And we came back.", (Interval(0.0, 3.0), Interval(5.0, 7.7)))
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(0.0, 3.0), (5.0, 7.7)]


def test_a_sentence_with_a_pause_in_it_is_one_cue() -> None:
    """A short pause in the middle does not divide a sentence."""
    cues = cues_of_text("We went down, to the sea.", (Interval(0.0, 1.0), Interval(1.5, 2.5)))
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(0.0, 2.5)]


def test_speech_after_a_long_pause_gets_a_separate_cue() -> None:
    """A pause of 1.5 s divides a sentence."""
    cues = cues_of_text("And the winner is, Ada.", (Interval(0.0, 1.0), Interval(4.0, 4.3)))
    assert cues == (Cue(0.0, 1.0, "And the winner is,"), Cue(4.0, 4.3, "Ada."))


def test_a_cue_ends_with_its_speech_not_after_the_pause() -> None:
    """A cue whose speech fills an interval does not last until the next one."""
    cues = cues_of_text("Aaaaaaaaa. Bbbbbbbbb.", (Interval(0.0, 5.0), Interval(7.0, 12.0)))
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(0.0, 5.0), (7.0, 12.0)]


def test_more_than_seven_seconds_of_speech_are_divided() -> None:
    """A longer cue would show words long before they are spoken."""
    cues = without_overlap(cues_of_text("One two three four five six seven eight.", (Interval(0.0, 16.0),)))
    assert len(cues) == 3
    assert cues[-1].end_s == 16.0
    check_shown(cues)


def test_segments_start_with_the_speech_near_them() -> None:
    """Whisper's start times are imprecise: too early in a pause, or too late in a word."""
    speech = (Interval(10.2, 11.9), Interval(12.6, 14.0), Interval(15.3, 16.9))
    segments = [(Interval(10.0, 12.0), "One."), (Interval(13.0, 14.0), "Two."), (Interval(14.1, 16.6), "Three.")]
    cues = cues_of_segments(segments, speech)
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(10.2, 11.9), (12.6, 14.0), (15.3, 16.9)]


def test_a_segment_far_from_the_start_of_any_speech_stays() -> None:
    """Another speaker may have spoken just before."""
    cues = cues_of_segments([(Interval(12.0, 14.0), "One.")], (Interval(10.0, 20.0),))
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(12.0, 14.0)]


def test_a_segment_without_detected_speech_keeps_its_times() -> None:
    """The transcriber may recognise speech that silence detection misses."""
    cues = cues_of_segments([(Interval(12.0, 14.0), "One.")], (Interval(30.0, 31.0),))
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(12.0, 14.0)]


def test_a_long_segment_is_divided_over_the_speech_inside_it() -> None:
    """Its sentences begin where speech begins, not at equal shares of its time."""
    text = "We went down to the sea. And we came back."
    cues = cues_of_segments([(Interval(0.0, 8.0), text)], (Interval(0.0, 3.0), Interval(5.0, 7.7)))
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(0.0, 3.0), (5.0, 7.7)]


def test_segments_that_start_with_the_same_speech_follow_each_other() -> None:
    """Two segments near one start would otherwise be shown at once."""
    segments = [(Interval(0.8, 1.0), "We went down to the sea."), (Interval(1.2, 4.0), "And we came back.")]
    first, second = cues_of_segments(segments, (Interval(1.0, 4.0),))
    assert (first.start_s, first.end_s, second.end_s) == (1.0, second.start_s, 4.0)
    assert second.start_s == pytest.approx(2.7, abs=0.2)


def test_a_long_sentence_is_divided_into_equal_cues() -> None:
    """The cues keep the sentence's time, and none has only a single remaining word."""
    cues = cues_of_segments([(Interval(10.0, 20.0), LONG_SENTENCE)])
    assert [cue.lines for cue in cues] == [
        ["We went down to the sea", "and then we came back"],
        ["up the hill and sat there", "until the sun had gone."],
    ]
    assert cues[0].start_s == 10.0
    assert cues[0].end_s == cues[1].start_s == pytest.approx(14.8, abs=0.1)
    assert cues[1].end_s == pytest.approx(20.0)


def test_a_long_sentence_is_broken_after_a_comma_near_its_share() -> None:
    """A comma is the better place to break."""
    text = "We went down to the sea and then came back, up the hill and sat there until the sun had gone."
    assert [cue.text for cue in cues_of_segments([(Interval(0.0, 9.0), text)])] == [
        "We went down to the sea and then came back,",
        "up the hill and sat there until the sun had gone.",
    ]


def test_a_comma_is_ignored_where_it_would_cost_a_cue() -> None:
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
    """Each cue has at least one word, however unequal the words are."""
    text = " ".join(["a" * 42, "b", "c" * 42, "d" * 42])
    cues = cues_of_segments([(Interval(0.0, 9.0), text)])
    check_shown(cues)
    assert without_spaces("".join(cue.text for cue in cues)) == without_spaces(text)


def test_a_transcript_without_a_full_stop_is_divided_quickly() -> None:
    """The search for equal pieces stays short however long the text is."""
    cues = cues_of_segments([(Interval(0.0, 7_200.0), "word " * 20_000)])
    assert len(cues) < 1400
    check_shown(without_overlap(cues))


ordinary_words = st.text("ab", min_size=1, max_size=12)
ordinary_sentences = st.lists(st.tuples(ordinary_words, st.sampled_from(["", "", "", ",", ";"])), min_size=1).map(
    lambda pairs: " ".join(map("".join, pairs))
)


def _spoken(sentence: str) -> Interval:
    """The approximate time that it takes to speak the text."""
    return Interval(0.0, len(sentence) / 15)


@given(ordinary_sentences)
def test_the_cues_of_a_sentence_are_of_about_equal_length(sentence: str) -> None:
    """None is shorter than a third of the longest one."""
    cues = cues_of_segments([(_spoken(sentence), sentence)])
    for one, other in itertools.pairwise(cues):
        shorter, longer = sorted((len(one.text), len(other.text)))
        assert 3 * shorter >= longer


@given(ordinary_sentences, st.floats(2.5, 6.0))
def test_no_cue_of_a_sentence_with_enough_time_flashes(sentence: str, seconds_each: float) -> None:
    """Where cues last 2.5 s on average, each lasts at least 1 s, because their lengths differ little."""
    number = len(cues_of_segments([(_spoken(sentence), sentence)]))
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
    """It stays readable without covering the next one."""
    cues = without_overlap([a_cue(0.0, 0.1), a_cue(1.2, 1.3), a_cue(9.0, 60.0)])
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(0.0, 1.0), (1.2, 2.2), (9.0, 16.0)]


def test_a_cue_is_held_until_it_can_be_read() -> None:
    """Forty letters that are spoken in one second stay for two, if the next cue leaves the time."""
    cues = without_overlap([a_cue(0.0, 1.0, "a" * 40), a_cue(1.5, 2.5, "b" * 40)])
    assert [(cue.start_s, cue.end_s) for cue in cues] == [(0.0, 1.5), (1.5, 3.5)]
    assert MAX_COLUMNS_PER_S == 20


@pytest.mark.parametrize(
    ("cues", "shown"),
    [
        ([a_cue(0, 0.5, "Why?"), a_cue(0.5, 2, "It floats.")], [Cue(0.0, 2.0, "Why? It floats.")]),
        ([a_cue(0, 2, "It floats."), a_cue(2, 2.5, "Why?"), a_cue(2.6, 5, "a" * 80)], ["It floats. Why?", "a" * 80]),
        ([a_cue(0, 0.5, "Why?"), a_cue(0.9, 8, "It floats.")], ["Why?", "It floats."]),
        ([a_cue(0, 0.2, "Why?"), a_cue(0.8, 2, "It floats.")], ["Why?", "It floats."]),
        ([a_cue(0, 0.5, "Why?"), a_cue(0.5, 2, "a" * 42 + " " + "b" * 42)], ["Why?", "a" * 42 + " " + "b" * 42]),
        ([a_cue(0, 0.5, "\u672c\u3002"), a_cue(0.5, 2, "\u6620")], ["\u672c\u3002\u6620"]),
    ],
    ids=["with the next", "with the one before", "too long", "too far apart", "too wide", "without a space"],
)
def test_a_flash_is_shown_together_with_a_neighbour(cues: list[Cue], shown: list[Cue | str]) -> None:
    """Both must fit on the screen, with no long pause between them."""
    assert [cue.text for cue in without_overlap(cues)] == [
        each.text if isinstance(each, Cue) else each for each in shown
    ]


def test_cues_that_start_together_are_moved_apart() -> None:
    """Each is visible for a moment, in the order in which they were spoken."""
    texts = [letter * 42 + " " + letter * 42 for letter in "abc"]
    cues = without_overlap([a_cue(text=text) for text in texts])
    assert [cue.text for cue in cues] == texts
    assert [cue.start_s for cue in cues] == pytest.approx([0.0, MIN_START_DISTANCE_S, 2 * MIN_START_DISTANCE_S])


def test_no_cues_stay_no_cues() -> None:
    """An empty list is fine."""
    assert without_overlap([]) == ()


def test_an_author_breaks_the_lines() -> None:
    """Uploaded captions keep their line breaks, however long the lines are."""
    cue = Cue(0.0, 1.0, f"One two {'x' * 50}  three", breaks=(3,))
    assert cue.lines == ["One", f"two {'x' * 50}  three"]
    assert Cue(0.0, 1.0, "x " * 50, breaks=()).lines == ["x " * 50]
