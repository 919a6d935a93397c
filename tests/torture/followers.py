"""Clients that follow event streams through every broken connection, and what they received compared with the log."""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import cycle, pairwise
from time import sleep
from typing import Any

import httpx

from tests.torture.invariants import Broken, Violation

TERMINAL_STATUSES = frozenset({"completed", "failed"})
_TIMEOUT = httpx.Timeout(5.0, read=60.0)
_OVER = frozenset({"terminal", "deleted"})


@dataclass(frozen=True)
class Received:
    """One event of a stream, or of the log; the number is a position, or for the stream of one video its `seq`."""

    number: int
    type: str
    video_id: str
    status: str | None


@dataclass
class Follower:
    """Follows one stream over these URLs in turn, and continues after its last event whenever the connection breaks."""

    name: str
    urls: Sequence[str]
    token: str = field(repr=False)
    last_event_id: str | None = None
    first_id: int | None = None
    connections: int = 0
    received: list[Received] = field(default_factory=list[Received])
    resets: list[str] = field(default_factory=list[str])
    is_over: bool = False
    _is_stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Create the thread; an id that is given is the first one."""
        self.first_id = None if self.last_event_id is None else int(self.last_event_id)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Follower":
        """Begin to follow in a thread."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Do not connect again; the connection that is open ends with its server."""
        self._is_stopped.set()

    @property
    def is_alive(self) -> bool:
        """Whether it still follows."""
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join(timeout=60)
        assert not self._thread.is_alive(), self.name

    def _run(self) -> None:
        urls = cycle(self.urls)
        with httpx.Client(headers={"Authorization": f"Bearer {self.token}"}, timeout=_TIMEOUT, trust_env=False) as http:
            while not self._is_stopped.is_set() and not self.is_over:
                try:
                    self._connect(http, next(urls))
                except httpx.HTTPError:
                    sleep(0.05)

    def _connect(self, http: httpx.Client, url: str) -> None:
        headers = {} if self.last_event_id is None else {"Last-Event-ID": self.last_event_id}
        with http.stream("GET", url, headers=headers) as response:
            # A deleted video has no stream, so a client that comes back after its last event gets a 404.
            self.is_over = response.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND}
            response.raise_for_status()
            self.connections += 1
            for event_id, name, data in messages(response.iter_lines()):
                self._take(event_id, name, data)

    def _take(self, event_id: str, name: str, data: dict[str, Any]) -> None:
        match name:
            case "end":
                self.is_over = data["reason"] in _OVER
            case "reset":
                self.resets.append(data["reason"])
            case "snapshot" if self.first_id is None:
                self.first_id = int(event_id)
            case "snapshot" | "progress":
                pass
            case _:
                self.received.append(Received(int(event_id), name, data["video_id"], data["status"]))
        self.last_event_id = event_id or self.last_event_id


def messages(lines: Iterable[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Id, name and data of each Server-Sent Event that is complete."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            yield fields.get("id", ""), fields.get("event", ""), json.loads(fields["data"])
            fields = {}


@dataclass(frozen=True)
class Differences:
    """How the events of one stream differ from the log; `missing` also has what the log never had."""

    missing: list[Received]
    doubled: list[Received]
    unordered: list[Received]

    @property
    def terminal_doubled(self) -> int:
        """The number of terminal events that were sent twice."""
        return sum(each.status in TERMINAL_STATUSES for each in self.doubled)

    def violations(self, name: str) -> Iterator[Violation]:
        """One violation for each difference."""
        by_kind = {
            Broken.EVENT_MISSING: self.missing,
            Broken.EVENT_DOUBLED: self.doubled,
            Broken.EVENT_ORDER: self.unordered,
        }
        for kind, found in by_kind.items():
            yield from (Violation(kind, f"{name}: {each}") for each in found)


def differences(received: Sequence[Received], expected: Mapping[int, Received]) -> Differences:
    """Compare what a stream sent with the events of the log that it had to send, by number."""
    times = Counter(each.number for each in received)
    arrived = set(received)
    return Differences(
        missing=[each for each in expected.values() if each not in arrived]
        + [each for each in arrived if expected.get(each.number) != each],
        doubled=[each for each in arrived if times[each.number] > 1],
        unordered=[later for earlier, later in pairwise(received) if later.number < earlier.number],
    )
