"""Doubt: when a transcriber's words are too uncertain to become captions."""

from collections.abc import Iterable, Sequence

from domain.model.transcripts.repetition import is_loop
from domain.model.transcripts.speech_intervals import AudioSpan
from domain.model.transcripts.transcript import ChunkTranscript

# Measured with the two bundled models, in 8-bit integers. Speech that the model understands has -0.82 or more, also in
# noise and at -40 dB; speech in a language that it does not know has -0.88 or less, or is a repetition loop.
MIN_LOG_PROB = -0.85
# If the language was detected with less than half of the probability: English played backwards has -0.74.
MIN_LOG_PROB_IF_UNSURE_OF_LANGUAGE = -0.6

# Above this share of the seconds with words, doubtful ones are reported; above the second, no words are kept.
REPORTED_SHARE = 0.2
MAX_DOUBTFUL_SHARE = 0.5
# Less is a word that the end of a file cuts off, or a cough.
MIN_REPORTED_S = 2.0

SpokenChunks = Sequence[tuple[AudioSpan, ChunkTranscript]]


def is_doubtful(chunk: ChunkTranscript) -> bool:
    """Whether the words of a chunk are probably not what was said; without the transcriber's figures they are kept."""
    confidence = chunk.confidence
    if confidence is None or not chunk.text:
        return False
    return is_loop(chunk.text) or confidence.mean_log_prob < _min_log_prob(chunk)


def recognised(chunks: SpokenChunks) -> list[tuple[AudioSpan, ChunkTranscript]]:
    """The chunks without doubtful words; without any words if most of the seconds with words are doubtful.

    All chunks stay in place, because a chunk without words still takes its time.
    """
    doubtful_s, worded_s = _seconds(chunks)
    is_unknown = doubtful_s > MAX_DOUBTFUL_SHARE * worded_s
    return [(span, ChunkTranscript("") if is_unknown or is_doubtful(chunk) else chunk) for span, chunk in chunks]


def doubt_about(chunks: SpokenChunks) -> str | None:
    """What to report about speech that was not recognised; None if there is nothing to report."""
    doubtful_s, worded_s = _seconds(chunks)
    if doubtful_s < MIN_REPORTED_S or doubtful_s <= REPORTED_SHARE * worded_s:
        return None
    if doubtful_s > MAX_DOUBTFUL_SHARE * worded_s:
        return "The speech could not be recognised: the transcriber is in doubt about its words or its language."
    return f"{doubtful_s:.0f} of {worded_s:.0f} seconds of speech could not be recognised and have no captions."


def _seconds(chunks: Iterable[tuple[AudioSpan, ChunkTranscript]]) -> tuple[float, float]:
    """The seconds of doubtful words, and of all words."""
    doubtful_s = worded_s = 0.0
    for span, chunk in chunks:
        if chunk.text:
            worded_s += span.end_s - span.start_s
            doubtful_s += span.end_s - span.start_s if is_doubtful(chunk) else 0.0
    return doubtful_s, worded_s


def _min_log_prob(chunk: ChunkTranscript) -> float:
    is_uncertain = chunk.spoken is not None and chunk.spoken.is_uncertain
    return MIN_LOG_PROB_IF_UNSURE_OF_LANGUAGE if is_uncertain else MIN_LOG_PROB
