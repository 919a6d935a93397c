"""One file in a form (RFC 7578), handed on as it streams in; nothing of it is gathered."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from typing import TypeAlias

from multipart import (  # type: ignore[import-untyped]  # It has types, and no marker that says so.
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
)

from domain.model.errors import Rejected

FIELD = "file"
MAX_OTHER_FIELDS = 20
MAX_OTHER_BYTES = 64 * 1024
"""Of everything that is not the file: other fields, headers, and what stands before and behind the form."""

MAX_BOUNDARY_LENGTH = 70  # RFC 2046, section 5.1.1.


@dataclass(frozen=True, slots=True)
class FormFile:
    """The file of a form, as its client describes it.

    `content_type` is empty where none is declared. `content` ends only when the whole form was read and is sound;
    a form that breaks off, or turns out bad behind the file, raises there instead.
    """

    filename: str
    content_type: str
    content: AsyncIterator[bytes]


@asynccontextmanager
async def opened_form(content_type: str, body: AsyncIterable[bytes]) -> AsyncGenerator[FormFile]:
    """The form's one file, once everything before it was read; `content_type` is the request's header.

    Raises:
        Rejected: `invalid_form`: it is no form, is malformed, ends early or has too much beside the file;
            `missing_file`: it has no field `file`, or one that is no file; `several_files`. From `content` too.
    """
    async with aclosing(_events(_parser(content_type), body)) as events:
        segment = await _file_segment(events)
        if not segment.filename:
            raise Rejected(f"The field `{FIELD}` is not a file with a name.", code="missing_file")
        async with aclosing(_content(events)) as content:
            yield FormFile(segment.filename, dict(segment.headerlist).get("Content-Type", "").strip(), content)


def _parser(content_type: str) -> PushMultipartParser:
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary("")
    if header.get_content_type() != "multipart/form-data" or not _is_boundary(boundary):
        raise Rejected("Send the file as multipart/form-data with a boundary.", code="invalid_form")
    return PushMultipartParser(boundary, max_segment_count=MAX_OTHER_FIELDS + 1)


def _is_boundary(text: str) -> bool:
    return 0 < len(text) <= MAX_BOUNDARY_LENGTH and text.isascii() and text.isprintable()


_Event: TypeAlias = MultipartSegment | bytes | None
"""A field's headers, then the bytes of its content, then None."""


async def _events(parser: PushMultipartParser, body: AsyncIterable[bytes]) -> AsyncGenerator[_Event]:
    """The form as it comes in; it ends when the body does, if the form is whole."""
    other_bytes, in_file = 0, False
    try:
        async for chunk in body:
            other_bytes += len(chunk)
            for event in parser.parse(chunk) if chunk else ():  # An empty chunk would tell the parser of the end.
                if isinstance(event, MultipartSegment):
                    in_file = event.name == FIELD
                elif event is not None and in_file:
                    other_bytes -= len(event)
                yield event
            if other_bytes > MAX_OTHER_BYTES:
                raise Rejected(f"Beside the file a form has at most {MAX_OTHER_BYTES} bytes.", code="invalid_form")
        parser.close()
    except MultipartError as error:
        raise Rejected(f"The form can't be read: {error.args[0]}.", code="invalid_form") from error


async def _file_segment(events: AsyncIterator[_Event]) -> MultipartSegment:
    async for event in events:
        if isinstance(event, MultipartSegment) and event.name == FIELD:
            return event
    raise Rejected(f"The form has no field `{FIELD}`.", code="missing_file")


async def _content(events: AsyncIterator[_Event]) -> AsyncGenerator[bytes]:
    """The bytes of the file; before it ends, the rest of the form is read and checked."""
    async for event in events:
        if not isinstance(event, bytes):
            break
        yield event
    async for event in events:
        if isinstance(event, MultipartSegment) and event.name == FIELD:
            raise Rejected(f"The form has more than one field `{FIELD}`.", code="several_files")
