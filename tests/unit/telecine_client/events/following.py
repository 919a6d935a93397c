"""Scripted streams and pollers for the tests of following."""

from collections.abc import Generator
from dataclasses import dataclass, field

from telecine_client.errors import ClientError
from telecine_client.events.updates import Update
from telecine_client.server_sent_events import ServerSentEvent

Connection = list[ServerSentEvent | ClientError]


@dataclass
class ScriptedStream:
    """Each connection yields its events, and raises its errors; the last connection is repeated."""

    connections: list[Connection]
    retry_s: float = 2.0
    is_over: bool = False
    opened: int = 0

    def connect(self) -> Generator[ServerSentEvent]:
        """Yield the events of the next connection."""
        connection = self.connections[min(self.opened, len(self.connections) - 1)]
        self.opened += 1
        for step in connection:
            if isinstance(step, ClientError):
                raise step
            yield step


@dataclass
class ScriptedPoller:
    """Answers with one status per poll, and is over after the last."""

    statuses: list[str]
    pause_s: float = 3.0
    is_over: bool = False
    polled: list[str] = field(default_factory=list[str])

    def poll(self) -> tuple[list[Update], float]:
        """Return the next status."""
        status = self.statuses[len(self.polled)]
        self.polled.append(status)
        self.is_over = len(self.polled) == len(self.statuses)
        return [Update("status", {"status": status})], self.pause_s
