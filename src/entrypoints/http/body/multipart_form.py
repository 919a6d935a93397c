"""One file in a multipart form (RFC 7578), passed on as it arrives, without buffering."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from types import MappingProxyType
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
"""Limit for everything but the file: other fields, headers, and bytes before and after the form."""

NO_TEXT_FIELDS: Mapping[str, int] = MappingProxyType({})

MAX_BOUNDARY_LENGTH = 70  # RFC 2046, section 5.1.1.


@dataclass(frozen=True, slots=True)
class FormFile:
    """The file of a form, as the client describes it.

    `content_type` is empty if none is declared. `content` ends only after the whole form was read and is valid; if the
    form breaks off, or is malformed after the file, `content` raises. `texts` has the text fields that are read.
    """

    filename: str
    content_type: str
    content: AsyncIterator[bytes]
    texts: Mapping[str, str]


@asynccontextmanager
async def opened_form(
    content_type: str, body: AsyncIterable[bytes], *, text_fields: Mapping[str, int] = NO_TEXT_FIELDS
) -> AsyncGenerator[FormFile]:
    """Read up to the form's one file; `content_type` is the request's header.

    `text_fields` names what else is read, with the maximum length of each in bytes.

    Raises:
        Rejected: `invalid_form`: the body is not a form, is malformed, ends early, has more than `MAX_OTHER_BYTES`
            beyond the file, or one of the text fields comes twice, is too long, or follows the file;
            `missing_file`: it has no field `file`, or one without a filename; `several_files`. `content` raises the
            same errors.
    """
    async with aclosing(_events(_parser(content_type), body)) as events:
        texts: dict[str, str] = {}
        segment = await _file_segment(events, text_fields, texts)
        if not segment.filename:
            raise Rejected(f"The field `{FIELD}` is not a file with a name.", code="missing_file")
        async with aclosing(_content(events, text_fields)) as content:
            declared_type = dict(segment.headerlist).get("Content-Type", "").strip()
            yield FormFile(segment.filename, declared_type, content, texts)


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
    """The events of the form as it streams in; raises at the end of the body if the form is incomplete."""
    other_bytes, in_file = 0, False
    try:
        async for chunk in body:
            other_bytes += len(chunk)
            for event in parser.parse(chunk) if chunk else ():  # The parser reads an empty chunk as the end.
                if isinstance(event, MultipartSegment):
                    in_file = event.name == FIELD
                elif event is not None and in_file:
                    other_bytes -= len(event)
                yield event
            if other_bytes > MAX_OTHER_BYTES:
                raise Rejected(
                    f"The form has more than {MAX_OTHER_BYTES} bytes in addition to the file.", code="invalid_form"
                )
        parser.close()
    except MultipartError as error:
        raise Rejected(f"The form is malformed: {error.args[0]}.", code="invalid_form") from error


async def _file_segment(
    events: AsyncIterator[_Event], text_fields: Mapping[str, int], texts: dict[str, str]
) -> MultipartSegment:
    """The segment of the file; adds the values of the text fields before it to `texts`."""
    async for event in events:
        if isinstance(event, MultipartSegment):
            if event.name == FIELD:
                return event
            if event.name is not None and event.name in text_fields:
                if event.name in texts:
                    raise Rejected(f"The form has more than one field `{event.name}`.", code="invalid_form")
                texts[event.name] = await _text(event.name, events, text_fields[event.name])
    raise Rejected(f"The form has no field `{FIELD}`.", code="missing_file")


async def _text(name: str, events: AsyncIterator[_Event], max_bytes: int) -> str:
    """The value of the text field that has just begun."""
    value = b""
    async for event in events:
        if not isinstance(event, bytes):
            break
        value += event
        if len(value) > max_bytes:
            raise Rejected(f"The field `{name}` is too long.", code="invalid_form")
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Rejected(f"The field `{name}` is not UTF-8.", code="invalid_form") from None


async def _content(events: AsyncIterator[_Event], text_fields: Mapping[str, int]) -> AsyncGenerator[bytes]:
    """The bytes of the file; the generator ends after the rest of the form was read and checked."""
    async for event in events:
        if not isinstance(event, bytes):
            break
        yield event
    async for event in events:
        if isinstance(event, MultipartSegment) and event.name == FIELD:
            raise Rejected(f"The form has more than one field `{FIELD}`.", code="several_files")
        if isinstance(event, MultipartSegment) and event.name in text_fields:
            raise Rejected(f"Send the field `{event.name}` before the file.", code="invalid_form")
