"""A transcript: what was said and when."""

import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.model.cues import Cue, cues_of_segments, cues_of_text, without_overlap
from domain.model.identity import VideoId
from domain.model.repetition import collapsed, is_loop, said_once, sound
from domain.model.speech import AudioSpan, Interval


@dataclass(frozen=True, slots=True)
class Segment:
    """Some words with their times, in seconds from the start of their chunk."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class ChunkTranscript:
    """What a transcriber heard in one chunk; `segments` is empty when it gives no times.

    Of a chunk that is still to be heard, how many answers could not be read is all that is known.
    """

    text: str
    segments: tuple[Segment, ...] = ()
    language: str | None = None
    unreadable_answers: int = 0

    @property
    def is_heard(self) -> bool:
        """Its words are there."""
        return self.unreadable_answers == 0


class TranscriptOrigin(StrEnum):
    """Who wrote a transcript: a transcriber, or the video's owner."""

    GENERATED = "generated"
    UPLOADED = "uploaded"


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything said in a video; `language` is an ISO 639-1 code where the transcriber told it."""

    video_id: VideoId
    language: str | None
    text: str
    cues: tuple[Cue, ...]
    origin: TranscriptOrigin = TranscriptOrigin.GENERATED


def assemble(video_id: VideoId, chunks: list[tuple[AudioSpan, ChunkTranscript]]) -> Transcript:
    """Join chunks, in order, into one transcript with cues that don't overlap.

    Control characters and halves of surrogate pairs are dropped: databases and files refuse them. A phrase that a
    model has fallen into repeating within a chunk, and nobody says so often, is taken once.
    """
    heard = [(span, _plausible(chunk)) for span, chunk in chunks]
    return Transcript(
        video_id=video_id,
        language=next((chunk.language for _, chunk in heard if chunk.language), None),
        text=" ".join(text for _, chunk in heard if (text := " ".join(chunk.text.split()))),
        cues=without_overlap(cue for span, chunk in heard for cue in _cues(span, chunk)),
    )


def _plausible(chunk: ChunkTranscript) -> ChunkTranscript:
    """The chunk with what can be stored, and what can have been said."""
    text = _storable(chunk.text)
    segments = [replace(segment, text=_storable(segment.text)) for segment in chunk.segments]
    if is_loop(" ".join(segment.text for segment in segments)):
        once = collapsed(segments, lambda segment: sound(segment.text))
        segments = [replace(segment, text=said_once(segment.text)) for segment in once]
    return replace(chunk, text=said_once(text) if is_loop(text) else text, segments=tuple(segments))


def _cues(span: AudioSpan, chunk: ChunkTranscript) -> tuple[Cue, ...]:
    if not chunk.segments:
        return cues_of_text(chunk.text, span.speech)
    return cues_of_segments([(_interval(span, segment), segment.text) for segment in chunk.segments], span.speech)


def _storable(text: str) -> str:
    """The text without characters that nobody says; white space of any kind, tabs and line ends too, is a space."""
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cs"}
    )


def _interval(span: AudioSpan, segment: Segment) -> Interval:
    """The segment in seconds of the video; times outside of its chunk are brought back into it.

    The order of the arguments matters: `max` and `min` keep the first beside what is not a number.
    """
    length_s = span.end_s - span.start_s
    start_s = min(length_s, max(0.0, segment.start_s))
    end_s = min(length_s, max(start_s, segment.end_s))
    return Interval(span.start_s + start_s, span.start_s + end_s)
