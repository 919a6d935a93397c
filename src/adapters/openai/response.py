"""Parses the transcriber's response to a chunk."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from adapters.openai.language_codes import iso_639_1
from domain.model.errors import UnreadableResponse
from domain.model.transcripts.transcript import ChunkTranscript, Segment

MAX_RESPONSE_BYTES = 1024 * 1024


# Postgres cannot store NUL, and no chunk comes near the length of a day.
_Text = Annotated[str, msgspec.Meta(pattern=r"\A[^\x00]*\Z")]
_Seconds = Annotated[float, msgspec.Meta(ge=-1.0, le=86_400.0)]


class _Segment(msgspec.Struct):
    start: _Seconds
    end: _Seconds
    text: _Text


class _Language(msgspec.Struct):
    code: str


class _Response(msgspec.Struct):
    """Whisper returns one `language`; `gpt-transcribe` lists those that it detected, or none."""

    text: _Text
    language: str | None = None
    languages: list[_Language] | None = None
    segments: list[_Segment] | None = None


def chunk_transcript(body: bytes) -> ChunkTranscript:
    """The words of a JSON response, with times and language if it contains them.

    Raises:
        UnreadableResponse: the response is too large, not JSON, or of another shape.
    """
    if len(body) > MAX_RESPONSE_BYTES:
        raise UnreadableResponse("The transcriber's response is larger than 1 MiB.")
    try:
        response = msgspec.json.decode(body, type=_Response)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableResponse("The transcriber's response is not the requested JSON.") from error
    return ChunkTranscript(
        text=response.text.strip(),
        segments=tuple(_segments(response.segments or [])),
        language=_language(response),
    )


def _language(response: _Response) -> str | None:
    named = [response.language or "", *(language.code for language in response.languages or [])]
    return next((code for code in map(iso_639_1, named) if code is not None), None)


def _segments(segments: list[_Segment]) -> Iterator[Segment]:
    """The segments in order; segments without words are dropped, and none ends before it begins."""
    for segment in sorted(segments, key=lambda segment: segment.start):
        start_s = max(segment.start, 0.0)
        if text := segment.text.strip():
            yield Segment(start_s, max(segment.end, start_s), text)
