"""Which language is spoken in a video, by what its chunks were heard in."""

from collections import defaultdict
from collections.abc import Iterable

from domain.model.speech import AudioSpan
from domain.model.transcript import ChunkTranscript


def spoken_language(chunks: Iterable[tuple[AudioSpan, ChunkTranscript]]) -> str | None:
    """The language that most seconds of the audio were heard in, the first of equals; None: no chunk tells one."""
    seconds: dict[str, float] = defaultdict(float)
    for span, chunk in chunks:
        if chunk.language and chunk.text:
            seconds[chunk.language] += span.end_s - span.start_s
    return max(seconds, key=seconds.__getitem__, default=None)
