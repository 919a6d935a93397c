"""How near to the truth cues start, on made speech of which every sentence's time is known.

The recording is kept: what ffmpeg's silence detection left as speech, and when each phrase was put into the sound
(`tests.media.speech.spoken`, four voices at three tempos). The whole way is measured by `benchmarks.cue_timing`.
"""

import itertools
from pathlib import Path
from statistics import median, quantiles

import msgspec
import pytest

from domain.model.cues import Cue
from domain.model.speech import AudioSpan, Interval, plan_spans
from domain.model.transcript import ChunkTranscript, Segment, assemble
from tests.builders import VIDEO_ID
from tests.media.speech import Phrase, starting_errors_s, words_between

# What is promised of any speech is 0.3 s and 1 s; this recording is known, and must not get worse.
MEDIAN_S, P90_S = 0.1, 0.5


class Recorded(msgspec.Struct):
    """What is kept."""

    duration_s: float
    speech: list[tuple[float, float]]
    phrases: list[tuple[str, float, float, bool]]


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """Four minutes of speech in numbers."""
    return msgspec.json.decode(Path(__file__).with_name("recorded_speech.json").read_bytes(), type=Recorded)


@pytest.fixture(scope="module")
def phrases(recorded: Recorded) -> list[Phrase]:
    """The truth."""
    return list(itertools.starmap(Phrase, recorded.phrases))


@pytest.fixture(scope="module")
def spans(recorded: Recorded) -> tuple[AudioSpan, ...]:
    """What is sent to a transcriber."""
    return plan_spans(itertools.starmap(Interval, recorded.speech), recorded.duration_s)


def check_goal(phrases: list[Phrase], cues: tuple[Cue, ...], *, found: int) -> None:
    """Most sentences begin a cue, and the cues begin with them."""
    errors_s = starting_errors_s(phrases, cues)
    assert len(errors_s) >= found
    assert median(errors_s) <= MEDIAN_S
    assert quantiles(errors_s, n=10)[-1] <= P90_S


def test_cues_of_text_alone_start_in_time(phrases: list[Phrase], spans: tuple[AudioSpan, ...]) -> None:
    """Whoever gives no times still gets captions on time."""
    chunks = [(span, ChunkTranscript(words_between(phrases, span.start_s, span.end_s))) for span in spans]
    check_goal(phrases, assemble(VIDEO_ID, chunks).cues, found=60)


def test_cues_of_text_without_punctuation_start_in_time(phrases: list[Phrase], spans: tuple[AudioSpan, ...]) -> None:
    """Where words are all there is, they are still cut where somebody pauses."""
    chunks = [(span, ChunkTranscript(_bare(words_between(phrases, span.start_s, span.end_s)))) for span in spans]
    check_goal(phrases, assemble(VIDEO_ID, chunks).cues, found=20)


def test_cues_of_segments_with_rough_times_start_in_time(phrases: list[Phrase], spans: tuple[AudioSpan, ...]) -> None:
    """Whisper's small models give whole seconds of the chunk."""
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
