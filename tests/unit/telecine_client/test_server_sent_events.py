"""Parsing of Server-Sent Events, with the cases of the HTML standard."""

from collections.abc import Iterable

import pytest

from telecine_client.errors import MalformedStream
from telecine_client.server_sent_events import (
    MAX_EVENT_BYTES,
    EventParser,
    ServerSentEvent,
)

STREAM = (
    b"\xef\xbb\xbf: a comment\r\nretry: 2500\r\n\r\nid: 7\r\nevent: first\r\ndata: {\r\ndata:  }\r\n\r\n"
    b"data:\xc3\xa9\r\r: ping\n\nid\ndata\n\ndata: unfinished\n"
)
EVENTS = [
    ServerSentEvent("first", "{\n }", "7"),
    ServerSentEvent("message", "é"),
    ServerSentEvent("message", "", ""),
]


def parsed(*chunks: bytes) -> list[ServerSentEvent]:
    """The events in these chunks."""
    return events_of(EventParser(), chunks)


def events_of(parser: EventParser, chunks: Iterable[bytes]) -> list[ServerSentEvent]:
    """The events that a parser finds in these chunks."""
    return [event for chunk in chunks for event in parser.feed(chunk)]


@pytest.mark.parametrize("size", [1, 2, 3, 5, len(STREAM)])
def test_a_stream_is_parsed_however_it_is_cut(size: int) -> None:
    """CR, LF and CRLF end lines; a mark at the start and comments are ignored; an unfinished event is dropped."""
    parser = EventParser()
    assert events_of(parser, [STREAM[at : at + size] for at in range(0, len(STREAM), size)]) == EVENTS
    assert (parser.retry_s, parser.last_event_id) == (2.5, "")


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [ServerSentEvent("message", "YHOO\n+2\n10")]),
        (b"data\n\ndata\ndata\n\ndata:", [ServerSentEvent("message", ""), ServerSentEvent("message", "\n")]),
        (b"data:test\n\ndata: test\n\n", [ServerSentEvent("message", "test")] * 2),
        (b"event: only\n\n\n\ndata: x\n\n", [ServerSentEvent("message", "x")]),
        (b" data: x\nDATA: y\nunknown: z\ndata: \xe2\x80\xa8\xc2\x85\n\n", [ServerSentEvent("message", "\u2028\x85")]),
        (b"data: \xff\n\n", [ServerSentEvent("message", "\ufffd")]),
    ],
)
def test_fields_are_read_as_the_standard_says(stream: bytes, events: list[ServerSentEvent]) -> None:
    """Lines of data are joined; one space after the colon is dropped; unknown fields are ignored."""
    assert parsed(stream) == events


def test_an_id_counts_once_its_event_has_ended() -> None:
    """An id with a NUL is ignored; an id without data is kept; events without one do not change it."""
    parser = EventParser()
    assert events_of(parser, [b"id: 1\ndata: x\n\nid: 2\0\ndata: y\n\n"]) == [
        ServerSentEvent("message", "x", "1"),
        ServerSentEvent("message", "y"),
    ]
    assert parser.last_event_id == "1"
    assert events_of(parser, [b"id: 3\n\nid: 4\n"]) == []
    assert parser.last_event_id == "3"


@pytest.mark.parametrize("value", [b"soon", b"-1", b"1.5", "²".encode(), b""])
def test_a_pause_that_is_no_number_is_ignored(value: bytes) -> None:
    """Only ASCII digits count."""
    parser = EventParser()
    assert events_of(parser, [b"retry: " + value + b"\n\n"]) == []
    assert parser.retry_s is None


@pytest.mark.parametrize("line", [b"data: %b\n" % (b"x" * 65536), b"x" * 65536])
def test_an_endless_event_is_rejected(line: bytes) -> None:
    """In one line or in many, so that a server cannot fill the memory."""
    parser = EventParser()
    assert events_of(parser, [line] * (MAX_EVENT_BYTES // 65536 - 2)) == []
    with pytest.raises(MalformedStream):
        events_of(parser, [line] * 4)
