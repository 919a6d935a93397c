"""Transcripts, and how they are assembled from chunks."""

import unicodedata
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

from domain.model.ids import VideoId
from domain.model.transcripts.cues import Cue, cues_of_segments, cues_of_text, without_overlap
from domain.model.transcripts.language_choice import SpokenLanguage
from domain.model.transcripts.repetition import collapse, is_loop, normalized, without_repetitions
from domain.model.transcripts.speech_intervals import AudioSpan, Interval


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text with its times, in seconds from the start of the chunk."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a model is of the words of a chunk: means over the words' duration.

    `mean_log_prob` is the log probability of a token; `no_speech_prob` is the probability that there is no speech.
    """

    mean_log_prob: float
    no_speech_prob: float


@dataclass(frozen=True, slots=True)
class ChunkTranscript:
    """A transcriber's result for one chunk; `segments` is empty if the transcriber gives no times.

    If all responses for a chunk were unreadable, it has no text, only their number in `unreadable_answers`.
    `confidence` is None if the transcriber gives no such figures. `spoken` is the language that was chosen for the
    whole video before the chunk was transcribed. Both say how the words were found, so equality ignores them.
    """

    text: str
    segments: tuple[Segment, ...] = ()
    language: str | None = None
    unreadable_answers: int = 0
    confidence: Confidence | None = field(default=None, compare=False)
    spoken: SpokenLanguage | None = field(default=None, compare=False)

    @property
    def is_transcribed(self) -> bool:
        """Whether the chunk has been transcribed."""
        return self.unreadable_answers == 0


class TranscriptOrigin(StrEnum):
    """Where a transcript comes from: a transcriber, or captions that the owner uploaded."""

    GENERATED = "generated"
    UPLOADED = "uploaded"


@dataclass(frozen=True, slots=True)
class Transcript:
    """All speech in a video as text and cues; `language` is an ISO 639-1 code, None if unknown."""

    video_id: VideoId
    language: str | None
    text: str
    cues: tuple[Cue, ...]
    origin: TranscriptOrigin = TranscriptOrigin.GENERATED

    @property
    def track(self) -> "CaptionTrack | None":
        """The caption track; None if there are no cues."""
        if not self.cues:
            return None
        content = repr((self.language, self.cues))
        version = sha256(content.encode(errors="backslashreplace")).hexdigest()[:16]
        return CaptionTrack(self.language, self.origin, version)


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """The captions of a video without their cues; `version` changes with the cues."""

    language: str | None
    origin: TranscriptOrigin
    version: str


def assemble(video_id: VideoId, chunks: list[tuple[AudioSpan, ChunkTranscript]]) -> Transcript:
    """Join chunks, in order, into one transcript with cues that don't overlap.

    Control characters and halves of surrogate pairs are dropped, because databases and files refuse them. A phrase that
    a model repeats implausibly often within a chunk is kept once.
    """
    cleaned = [(span, _cleaned(chunk)) for span, chunk in chunks]
    return Transcript(
        video_id=video_id,
        language=next((chunk.language for _, chunk in cleaned if chunk.language), None),
        text=" ".join(text for _, chunk in cleaned if (text := " ".join(chunk.text.split()))),
        cues=without_overlap(cue for span, chunk in cleaned for cue in _cues(span, chunk)),
    )


def _cleaned(chunk: ChunkTranscript) -> ChunkTranscript:
    """The chunk without characters that can't be stored and without a model's repetition loops."""
    text = _storable(chunk.text)
    segments = [replace(segment, text=_storable(segment.text)) for segment in chunk.segments]
    if is_loop(" ".join(segment.text for segment in segments)):
        once = collapse(segments, lambda segment: normalized(segment.text))
        segments = [replace(segment, text=without_repetitions(segment.text)) for segment in once]
    return replace(chunk, text=without_repetitions(text) if is_loop(text) else text, segments=tuple(segments))


def _cues(span: AudioSpan, chunk: ChunkTranscript) -> tuple[Cue, ...]:
    if not chunk.segments:
        return cues_of_text(chunk.text, span.speech)
    return cues_of_segments([(_interval(span, segment), segment.text) for segment in chunk.segments], span.speech)


def _storable(text: str) -> str:
    """The text without control characters and surrogates; every kind of white space becomes a space."""
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cs"}
    )


def _interval(span: AudioSpan, segment: Segment) -> Interval:
    """The segment in seconds of the video, with times clamped to its chunk.

    The order of the arguments matters: with a NaN, `max` and `min` return their first argument.
    """
    length_s = span.end_s - span.start_s
    start_s = min(length_s, max(0.0, segment.start_s))
    end_s = min(length_s, max(start_s, segment.end_s))
    return Interval(span.start_s + start_s, span.start_s + end_s)
