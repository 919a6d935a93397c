"""What the client learns of videos, whether from a stream or by polling."""

import json
from dataclasses import dataclass
from typing import Any, cast

from telecine_client.errors import MalformedStream
from telecine_client.server_sent_events import ServerSentEvent

TERMINAL = frozenset({"completed", "failed"})


@dataclass(frozen=True, slots=True)
class Update:
    """An event of a stream; or `status`, with the status of a video as data, if the client polls."""

    event: str
    data: dict[str, Any]
    id: str | None = None


def update_of(event: ServerSentEvent) -> Update:
    """The update in an event.

    Raises:
        MalformedStream: its data is not a JSON object.
    """
    try:
        data = json.loads(event.data)
    except ValueError as error:
        raise MalformedStream(f"The data of the event {event.event!r} is not JSON.") from error
    if not isinstance(data, dict):
        raise MalformedStream(f"The data of the event {event.event!r} is not a JSON object.")
    return Update(event.event, cast("dict[str, Any]", data), event.id)
