"""Which language is spoken in a video."""

from domain.model.transcripts.language_vote import spoken_language
from tests.support.builders import a_chunk, a_span


def test_the_language_of_most_seconds_counts() -> None:
    """Two short chunks are outweighed by a long one."""
    chunks = [
        (a_span(0.0, 4.0), a_chunk(language="en")),
        (a_span(4.0, 8.0), a_chunk(language="en")),
        (a_span(8.0, 18.0), a_chunk(language="de")),
    ]
    assert spoken_language(chunks) == "de"


def test_chunks_without_words_or_language_do_not_count() -> None:
    """A transcriber may give a language for silence."""
    silence = (a_span(0.0, 30.0), a_chunk("", language="cy"))
    unknown = (a_span(30.0, 60.0), a_chunk(language=None))
    assert spoken_language([silence, unknown]) is None
    assert spoken_language([silence, unknown, (a_span(60.0, 61.0), a_chunk(language="en"))]) == "en"
