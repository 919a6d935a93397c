"""The text of a bus message between processes."""

import msgspec

from domain.ports.event_bus import BusMessage, EventsWritten, StageProgress

_EVENTS_WRITTEN = b"{}"
_decode_progress = msgspec.json.Decoder(StageProgress).decode


def encode(message: BusMessage) -> bytes:
    """Encode a message as JSON; `EventsWritten` is an empty object."""
    return _EVENTS_WRITTEN if isinstance(message, EventsWritten) else msgspec.json.encode(message)


def decode(text: bytes | str) -> BusMessage:
    """Decode a message.

    A text that this version does not know, such as one of another version, becomes `EventsWritten`: reading the log
    once more is harmless.
    """
    data = text.encode() if isinstance(text, str) else text
    if data == _EVENTS_WRITTEN:
        return EventsWritten()
    try:
        return _decode_progress(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return EventsWritten()
