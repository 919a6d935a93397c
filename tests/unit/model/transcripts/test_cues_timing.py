"""How accurately cues start, on synthetic speech in which every sentence's time is known.

The stored recording has the speech that ffmpeg's silence detection found, and the time of each phrase in the audio
(`tests.media.speech.spoken`, four voices at three tempos). `benchmarks.cue_timing` measures the whole pipeline.
"""

import itertools
from pathlib import Path
from statistics import median, quantiles

import msgspec
import pytest

from domain.model.transcripts.cues import Cue
from domain.model.transcripts.speech_intervals import AudioSpan, Interval, plan_spans
from domain.model.transcripts.transcript import ChunkTranscript, Segment, assemble
from tests.media.speech import Phrase, starting_errors_s, words_between
from tests.support.builders import VIDEO_ID

# The goal for any speech is 0.3 s and 1 s; the results for this known recording must not get worse.
MEDIAN_S, P90_S = 0.1, 0.5


class Recorded(msgspec.Struct):
    """The recording."""

    duration_s: float
    speech: list[tuple[float, float]]
    phrases: list[tuple[str, float, float, bool]]


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """Four minutes of speech as numbers."""
    return msgspec.json.decode(Path(__file__).with_name("recorded_speech.json").read_bytes(), type=Recorded)


@pytest.fixture(scope="module")
def phrases(recorded: Recorded) -> list[Phrase]:
    """The true times."""
    return list(itertools.starmap(Phrase, recorded.phrases))


@pytest.fixture(scope="module")
def spans(recorded: Recorded) -> tuple[AudioSpan, ...]:
    """The chunks that are sent to a transcriber."""
    return plan_spans(itertools.starmap(Interval, recorded.speech), recorded.duration_s)


def check_goal(phrases: list[Phrase], cues: tuple[Cue, ...], *, found: int) -> None:
    """Most sentences begin a cue, and most cues begin with a sentence."""
    errors_s = starting_errors_s(phrases, cues)
    assert len(errors_s) >= found
    assert median(errors_s) <= MEDIAN_S
    assert quantiles(errors_s, n=10)[-1] <= P90_S


def test_cues_of_text_alone_start_in_time(phrases: list[Phrase], spans: tuple[AudioSpan, ...]) -> None:
    """A transcriber without times still gives captions that are on time."""
    chunks = [(span, ChunkTranscript(words_between(phrases, span.start_s, span.end_s))) for span in spans]
    check_goal(phrases, assemble(VIDEO_ID, chunks).cues, found=60)


def test_cues_of_text_without_punctuation_start_in_time(phrases: list[Phrase], spans: tuple[AudioSpan, ...]) -> None:
    """Without punctuation, cues are still divided where speech pauses."""
    chunks = [(span, ChunkTranscript(_bare(words_between(phrases, span.start_s, span.end_s)))) for span in spans]
    check_goal(phrases, assemble(VIDEO_ID, chunks).cues, found=20)


def test_cues_of_segments_with_rough_times_start_in_time(phrases: list[Phrase], spans: tuple[AudioSpan, ...]) -> None:
    """Whisper's small models give times in whole seconds of the chunk."""
    chunks = [(span, ChunkTranscript("", tuple(_rough(span, phrases)))) for span in spans]
    check_goal(phrases, assemble(VIDEO_ID, chunks).cues, found=60)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ")


def _rough(span: AudioSpan, phrases: list[Phrase]) -> list[Segment]:
    return [
        Segment(round(phrase.start_s - span.start_s), round(phrase.end_s - span.start_s), phrase.text)
        for phrase in phrases
        if span.start_s <= (phrase.start_s + phrase.end_s) / 2 < span.end_s
    ]
