"""Webhooks of a real installation whose process is killed: nothing is missing, and every signature is right."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import httpx
import pytest

from tests.e2e.processes import Telecine, wait_until
from tests.services.verifying_receiver import VerifyingReceiver, half_of_first_attempts, running_verifying_receiver

EVENTS_PER_KILL = 8
# A request that finds no connection on a busy machine costs an attempt; the third one comes after five minutes.
DELIVERED_IN_S = 450.0
CRASH_POINTS = (
    "webhook_delivered_not_marked:3",
    "events_fanned_out_not_committed",
    "events_fanned_out_not_sent",
)
SETTINGS = {
    "TELECINE_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    "TELECINE_SWEEP_SECONDS": "0.3",
    "TELECINE_TRANSCRIBER": "none",
}


@pytest.fixture
def receiver() -> Generator[VerifyingReceiver]:
    """Fails half of the first attempts."""
    with running_verifying_receiver() as running:
        running.fails = half_of_first_attempts
        yield running


@pytest.fixture
def telecine(tmp_path: Path) -> Generator[Telecine]:
    """A data folder, in which nothing runs yet."""
    installation = Telecine(tmp_path / "data", environment=dict(SETTINGS))
    installation.data_dir.mkdir()
    yield installation
    installation.kill()


@contextmanager
def _client(telecine: Telecine) -> Generator[httpx.Client]:
    headers = {"Authorization": f"Bearer {telecine.token()}"}
    with httpx.Client(base_url=telecine.url, headers=headers) as client:
        yield client


def _cancel_uploads(client: httpx.Client, count: int) -> None:
    """Request and cancel uploads: each is an event; the server may die meanwhile."""
    for _ in range(count):
        body = {"filename": "clip.mp4", "file_size": 1000}
        granted = client.post("/api/videos/upload/presigned", json=body)
        client.delete(f"/api/videos/{granted.json()['video_id']}/upload").raise_for_status()


def _start(telecine: Telecine, crash_at: str) -> None:
    """Start the process, which dies at the crash point if one is named."""
    telecine.environment = {**SETTINGS, "TELECINE_CRASH_AT": crash_at}
    try:
        telecine.start()
    except AssertionError:
        # Events that were left over can lead it to the crash point before it is ready.
        if not crash_at or telecine.process is None or telecine.process.wait(60) != -9:
            raise


def _until_dead(telecine: Telecine, act: Callable[[], None]) -> None:
    """Act until the armed process has died."""
    process = telecine.process
    assert process is not None
    for _ in range(600):
        try:
            act()
        except httpx.HTTPError:
            break
        if process.poll() is not None:
            break
        sleep(0.1)
    assert process.wait(60) == -9


def test_no_event_is_missing_after_kills(telecine: Telecine, receiver: VerifyingReceiver) -> None:
    """Each event arrives at least once under one id, although receiver and sender fail."""
    _start(telecine, CRASH_POINTS[0])
    with _client(telecine) as client:
        created = client.post("/api/webhooks", json={"url": receiver.url}).json()
        receiver.secret = created["secret"]
        for next_crash in (*CRASH_POINTS[1:], ""):
            _until_dead(telecine, lambda: _cancel_uploads(client, EVENTS_PER_KILL))
            _start(telecine, next_crash)
        _cancel_uploads(client, EVENTS_PER_KILL)
        events = telecine.rows("SELECT count(*) FROM events")[0][0]
        undelivered = "SELECT count(*) FROM webhook_deliveries WHERE status <> 'delivered'"
        wait_until(
            lambda: (
                telecine.rows("SELECT count(*) FROM webhook_deliveries") == [(events,)]
                and telecine.rows(undelivered) == [(0,)]
            ),
            timeout_s=DELIVERED_IN_S,
        )
    assert events >= EVENTS_PER_KILL
    ids = {f"msg_{row[0]}" for row in telecine.rows("SELECT id FROM webhook_deliveries")}
    assert receiver.accepted.keys() == ids
    assert receiver.bad_signatures == 0
    assert len({event["data"]["video_id"] for event in receiver.accepted.values()}) == events
    assert len(receiver.requests) > len(ids)
    assert receiver.secret not in telecine.log.read_text()
    assert created["secret"].removeprefix("whsec_") not in str(telecine.rows("SELECT * FROM webhook_endpoints"))
