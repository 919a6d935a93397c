"""The language of a video, by a vote of its chunks."""

from collections import defaultdict
from collections.abc import Iterable

from domain.model.transcripts.speech_intervals import AudioSpan
from domain.model.transcripts.transcript import ChunkTranscript


def spoken_language(chunks: Iterable[tuple[AudioSpan, ChunkTranscript]]) -> str | None:
    """The language with the most seconds of audio, the first one in a tie; None if no chunk with text has one."""
    seconds: dict[str, float] = defaultdict(float)
    for span, chunk in chunks:
        if chunk.language and chunk.text:
            seconds[chunk.language] += span.end_s - span.start_s
    return max(seconds, key=seconds.__getitem__, default=None)
