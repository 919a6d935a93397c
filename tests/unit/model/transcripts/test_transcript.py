import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model.transcripts.repetition import without_repetitions
from domain.model.transcripts.speech_intervals import Interval, plan_spans
from domain.model.transcripts.transcript import ChunkTranscript, Segment, assemble
from tests.support.builders import VIDEO_ID, a_chunk, a_segment, a_span
from tests.unit.model.transcripts.test_cues import check_shown, speech_intervals, texts, without_spaces

any_time = st.floats(allow_nan=True, allow_infinity=True)
texts_of_people = texts.filter(lambda text: without_repetitions(text) == " ".join(text.split()))
segments = st.lists(
    st.builds(Segment, any_time, any_time, texts_of_people), min_size=1, max_size=5, unique_by=lambda one: one.text
).map(tuple)


@settings(max_examples=50)
@given(speech_intervals(), st.lists(texts_of_people, min_size=12, max_size=12))
def test_chunks_of_text_become_cues_in_order_with_nothing_lost(speech: tuple[Interval, ...], texts: list[str]) -> None:
    """The cues, one after the other, have the same text as the chunks."""
    spans = plan_spans(speech, speech[-1].end_s)
    chunks = [(span, a_chunk(text)) for span, text in zip(spans, texts, strict=False)]
    transcript = assemble(VIDEO_ID, chunks)
    check_shown(transcript.cues)
    expected = without_spaces("".join(chunk.text for _, chunk in chunks))
    assert without_spaces("".join(cue.text for cue in transcript.cues)) == expected
    assert without_spaces(transcript.text) == expected


@settings(max_examples=50)
@given(st.lists(segments, min_size=1, max_size=3))
def test_invalid_times_lose_no_text(chunk_segments: list[tuple[Segment, ...]]) -> None:
    """With negative, backward, infinite or NaN times the cues stay in order, near their chunk."""
    chunks = [
        (a_span(10.0 * number, 10.0 * number + 10.0), ChunkTranscript("", segments))
        for number, segments in enumerate(chunk_segments)
    ]
    cues = assemble(VIDEO_ID, chunks).cues
    check_shown(cues)
    expected = without_spaces("".join(segment.text for segment in itertools.chain.from_iterable(chunk_segments)))
    assert sorted(without_spaces("".join(cue.text for cue in cues))) == sorted(expected)


def test_segments_are_shown_at_their_own_times() -> None:
    """A segment's times count from the start of its chunk, a cue's from the start of the video."""
    spoken = a_chunk("One. Two.", segments=(a_segment(0.5, 2.0, "One."), a_segment(3.0, 5.0, "Two.")))
    speech = (Interval(100.5, 102.0), Interval(103.0, 105.0))
    cues = assemble(VIDEO_ID, [(a_span(100.0, 110.0, speech=speech), spoken)]).cues
    assert [(cue.start_s, cue.end_s, cue.text) for cue in cues] == [(100.5, 102.0, "One."), (103.0, 105.0, "Two.")]


def test_a_segment_that_leaves_its_chunk_is_brought_back() -> None:
    """Transcribers pad a chunk to 30 s and may give times in the padding."""
    spoken = a_chunk("One.", segments=(a_segment(8.0, 30.0, "One."),))
    (cue,) = assemble(VIDEO_ID, [(a_span(100.0, 110.0), spoken)]).cues
    assert (cue.start_s, cue.end_s) == (108.0, 110.0)


def test_the_text_is_joined_without_surplus_spaces() -> None:
    """Empty chunks leave no gap."""
    chunks = [
        (a_span(0.0, 10.0), a_chunk(" One\n two. ")),
        (a_span(10.0, 20.0), a_chunk("")),
        (a_span(20.0, 30.0), a_chunk("Three.")),
    ]
    assert assemble(VIDEO_ID, chunks).text == "One two. Three."


UNSTORABLE = "\x00O\x07n\x9fe\ud800\udc00\x7f.\x1b"


def test_characters_that_no_database_stores_are_dropped_from_the_text() -> None:
    """Control characters and halves of surrogate pairs are not speech."""
    transcript = assemble(VIDEO_ID, [(a_span(0.0, 10.0), a_chunk(UNSTORABLE))])
    assert (transcript.text, [cue.text for cue in transcript.cues]) == ("One.", ["One."])


def test_characters_that_no_database_stores_are_dropped_from_segments() -> None:
    """A transcriber with times gives text in segments too."""
    spoken = a_chunk("One.", segments=(a_segment(1.0, 2.0, UNSTORABLE), a_segment(3.0, 4.0, "\x00\ud800")))
    (cue,) = assemble(VIDEO_ID, [(a_span(0.0, 10.0), spoken)]).cues
    assert cue.text == "One."


def test_control_characters_that_are_white_space_separate_words() -> None:
    """Tabs, line ends, separators and NEL become spaces, and a joined emoji stays whole."""
    chunk = a_chunk("one\ttwo\r\nthree\x0bfour\x85five\x1csix \U0001f469\u200d\U0001f680")
    transcript = assemble(VIDEO_ID, [(a_span(0.0, 10.0), chunk)])
    assert transcript.text == "one two three four five six \U0001f469\u200d\U0001f680"


@given(st.text(st.characters(categories=("Cc", "Cs", "Lu", "Zs", "Cf"))), st.booleans())
def test_any_text_can_be_written(text: str, timed: bool) -> None:  # noqa: FBT001 (drawn)
    """Any result can be encoded as UTF-8 and has no control character."""
    spoken = a_chunk(text, segments=(a_segment(0.0, 5.0, text),) if timed else ())
    transcript = assemble(VIDEO_ID, [(a_span(0.0, 10.0), spoken)])
    for written in (transcript.text, *(cue.text for cue in transcript.cues)):
        assert written.encode().decode() == written
        assert "Cc" not in map(unicodedata.category, written)


@pytest.mark.parametrize(
    ("languages", "language"),
    [((), None), ((None, None), None), ((None, "de", "en"), "de"), (("", "en"), "en")],
)
def test_the_language_is_the_first_one_given(languages: tuple[str | None, ...], language: str | None) -> None:
    """A chunk without a language does not decide for the others."""
    chunks = [(a_span(), a_chunk(language=reported)) for reported in languages]
    assert assemble(VIDEO_ID, chunks).language == language


def test_silence_makes_an_empty_transcript() -> None:
    """No chunks give an empty transcript, not none."""
    transcript = assemble(VIDEO_ID, [])
    assert (transcript.video_id, transcript.text, transcript.cues) == (VIDEO_ID, "", ())


THANKS = "Thank you for watching. "


def test_a_repetition_loop_is_kept_once() -> None:
    """A thousand repeated thanks were not spoken."""
    transcript = assemble(VIDEO_ID, [(a_span(0.0, 6.0), a_chunk(f"So it ends. {THANKS * 1000}"))])
    assert transcript.text == "So it ends. Thank you for watching."
    assert [cue.text for cue in transcript.cues] == ["So it ends.", "Thank you for watching."]


def test_a_repetition_loop_of_segments_is_kept_once() -> None:
    """The first one has a plausible time; another loop may be within a segment."""
    segments = (
        a_segment(0.0, 2.0, "So it ends."),
        *(a_segment(2.0 + number / 10, 2.1 + number / 10, THANKS) for number in range(50)),
        a_segment(8.0, 9.0, "Go on. " * 40),
    )
    cues = assemble(VIDEO_ID, [(a_span(0.0, 10.0), a_chunk(THANKS * 50, segments=segments))]).cues
    assert [cue.text for cue in cues] == ["So it ends.", "Thank you for watching.", "Go on."]


def test_natural_repetition_is_kept() -> None:
    """Examples are "no, no, no", a refrain, and the same words in several chunks."""
    expected = "No, no, no, no, no! La la la la la."
    transcript = assemble(
        VIDEO_ID, [(a_span(10.0 * number, 10.0 * number + 9), a_chunk(expected)) for number in range(9)]
    )
    assert transcript.text == " ".join([expected] * 9)
