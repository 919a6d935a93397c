"""Event streams of the real program, which is killed and stopped while a client follows."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from typing import Any

import httpx

from entrypoints.cli.commands.demo import SAMPLE
from telecine_client.client import Client
from tests.e2e.commands import put
from tests.e2e.processes import Telecine, wait_until

KILLS = 1
TIMEOUT = httpx.Timeout(5.0, read=60.0)


@dataclass
class Follower:
    """A client that follows a video, and connects again after its last event whenever the connection breaks."""

    http: httpx.Client
    path: str
    last_event_id: str | None = None
    connections: int = 0
    events: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    ends: list[str] = field(default_factory=list[str])

    def run(self) -> None:
        """Follow until the server says that this is the end."""
        while "terminal" not in self.ends and "stopping" not in self.ends:
            try:
                self._connect()
            except httpx.HTTPError:
                sleep(0.05)

    def _connect(self) -> None:
        headers = {} if self.last_event_id is None else {"Last-Event-ID": self.last_event_id}
        with self.http.stream("GET", self.path, headers=headers, timeout=TIMEOUT) as response:
            response.raise_for_status()
            self.connections += 1
            for event_id, name, data in _events(response.iter_lines()):
                self.last_event_id = event_id or self.last_event_id
                if name == "end":
                    self.ends.append(data["reason"])
                elif event_id and name != "snapshot":
                    self.events.append((event_id, name))


def _events(lines: Iterator[str]) -> Iterator[tuple[str, str, Any]]:
    """Id, name and data of each event."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        fields[name] = value
        if name == "data":
            yield fields.get("id", ""), fields.get("event", ""), json.loads(value)
            fields = {}


def test_a_client_misses_nothing_when_the_server_is_killed(tmp_path: Path) -> None:
    """Every event arrives once and in order, from the upload to the end; then the server stops with a stream open."""
    telecine = Telecine(tmp_path / "data", environment={"TELECINE_TRANSCRIBER": "none"})
    telecine.data_dir.mkdir()
    token = telecine.token()
    http = httpx.Client(base_url=telecine.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    try:
        telecine.start()
        client = Client(telecine.url, token)
        grant = client.request_upload(SAMPLE.name, SAMPLE.stat().st_size, "")
        follower = Follower(http, f"/api/videos/{grant['video_id']}/events?until=terminal")
        following = threading.Thread(target=follower.run, daemon=True)
        following.start()
        wait_until(lambda: follower.connections == 1)
        put(client, grant, SAMPLE)
        client.complete(grant["video_id"])
        for _ in range(KILLS):
            wait_until(lambda: bool(follower.events) or not following.is_alive())
            telecine.kill()
            telecine.start()
        following.join(timeout=300)
        assert not following.is_alive(), telecine.log.read_text()
        names = [name for _, name in follower.events]
        assert [int(event_id) for event_id, _ in follower.events] == list(range(1, len(names) + 1))
        assert (names[0], names[-1], names.count("video.completed")) == ("upload.completed", "video.completed", 1)
        assert follower.connections > KILLS
        _stop_with_an_open_stream(telecine, http)
        client.close()
    finally:
        telecine.kill()
        http.close()


def _stop_with_an_open_stream(telecine: Telecine, http: httpx.Client) -> None:
    """The server does not wait for its time limit, and the client is told to connect again."""
    follower = Follower(http, "/api/events")
    following = threading.Thread(target=follower.run, daemon=True)
    following.start()
    wait_until(lambda: follower.last_event_id is not None)
    assert telecine.stop() == 0
    following.join(timeout=60)
    assert follower.ends == ["stopping"]
    assert "request_cut_off" not in telecine.log.read_text()
