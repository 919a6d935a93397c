"""Parses Server-Sent Events as the HTML standard defines them (section 9.2, Server-sent events)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from telecine_client.errors import MalformedStream

MAX_EVENT_BYTES = 8 * 1024 * 1024

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event; `id` is None if the event has none of its own."""

    event: str
    data: str
    id: str | None = None


class EventParser:
    """Splits the bytes of one response into events; an event without its closing blank line is dropped.

    `last_event_id` and `retry_s` keep the latest values that the stream has set.
    """

    def __init__(self) -> None:
        self.last_event_id: str | None = None
        self.retry_s: float | None = None
        self._unfinished_line = bytearray()
        self._is_after_cr = False
        self._is_at_start = True
        self._event = ""
        self._data: list[str] = []
        self._data_bytes = 0
        self._id: str | None = None

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """The events that this chunk completes.

        Raises:
            MalformedStream: an event is longer than `MAX_EVENT_BYTES`.
        """
        for line in self._lines(chunk):
            if line:
                self._read_field(line)
            else:
                event = self._end_event()
                if event is not None:
                    yield event

    def _lines(self, chunk: bytes) -> Iterator[str]:
        if chunk and self._is_after_cr:
            chunk = chunk.removeprefix(b"\n")  # The line ended with the CR of the previous chunk.
            self._is_after_cr = False
        self._is_after_cr = self._is_after_cr or chunk.endswith(b"\r")
        *lines, rest = _LINE_END.split(chunk)
        if lines:
            lines[0] = bytes(self._unfinished_line) + lines[0]
            self._unfinished_line.clear()
        self._unfinished_line += rest
        self._require_bounded(len(self._unfinished_line))
        for line in lines:
            text = line.decode(errors="replace")
            yield text.removeprefix(_BYTE_ORDER_MARK) if self._is_at_start else text
            self._is_at_start = False

    def _read_field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._data.append(value)
                self._data_bytes += len(value) + 1
                self._require_bounded(self._data_bytes)
            case "event":
                self._event = value
            case "id" if "\0" not in value:
                self._id = value
            case "retry" if value.isascii() and value.isdecimal():
                self.retry_s = float(value) / 1000
            case _:
                pass  # A comment, whose name is empty, or an unknown field.

    def _end_event(self) -> ServerSentEvent | None:
        """The event that a blank line ends; without data there is none, but its id counts."""
        self.last_event_id = self.last_event_id if self._id is None else self._id
        event = ServerSentEvent(self._event or "message", "\n".join(self._data), self._id) if self._data else None
        self._begin_event()
        return event

    def _begin_event(self) -> None:
        self._event, self._data, self._data_bytes, self._id = "", [], 0, None

    def _require_bounded(self, size_bytes: int) -> None:
        if size_bytes > MAX_EVENT_BYTES:
            raise MalformedStream(f"An event of the stream has more than {MAX_EVENT_BYTES} bytes.")
