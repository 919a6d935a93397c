"""Stream messages as Server-Sent Events and as WebSocket texts."""

from dataclasses import dataclass

import msgspec

from domain.ports.event_bus import StageProgress
from domain.use_cases.events.messages import (
    End,
    Ping,
    Reset,
    StreamedEvent,
    StreamMessage,
    UserSnapshot,
    VideoSnapshot,
)
from entrypoints.http.events.schemas import EndView, EventView, ProgressView, ResetView, SnapshotView
from entrypoints.http.videos.schemas import StatusResponse

RETRY = b"retry: 2000\n\n"
"""Tells an `EventSource` to wait 2 seconds before it connects again."""
PING = b": ping\n\n"

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Frame:
    """A named event with JSON data; only an event after which a stream can continue has an id."""

    event: str
    data: bytes
    id: int | None = None

    def as_sse(self) -> bytes:
        """The lines of a Server-Sent Event; JSON has no line breaks outside of strings, and escapes those inside."""
        head = b"" if self.id is None else b"id: %d\n" % self.id
        return b"%bevent: %b\ndata: %b\n\n" % (head, self.event.encode(), self.data)

    def as_text(self) -> str:
        """The text of a WebSocket message: an object with `id`, `event` and `data`."""
        return _encode(
            {"id": None if self.id is None else str(self.id), "event": self.event, "data": msgspec.Raw(self.data)}
        ).decode()


def frame_of(message: StreamMessage) -> Frame | None:
    """The frame of a message; a ping has none, because both protocols have their own."""
    if isinstance(message, Ping):
        return None
    name = "snapshot"
    number: int | None = None
    view: msgspec.Struct
    match message:
        case StreamedEvent(cursor, event):
            name, view, number = event.type.value, EventView.of(event), cursor
        case VideoSnapshot(cursor, video):
            view, number = StatusResponse.of(video), cursor
        case UserSnapshot():
            view, number = SnapshotView.of(message), message.cursor
        case StageProgress():
            name, view = "progress", ProgressView.of(message)
        case Reset(reason):
            name, view = "reset", ResetView(reason)
        case End(reason):
            name, view = "end", EndView(reason)
    return Frame(name, _encode(view), number)
