"""Killed at any moment and restarted, Telecine finishes each accepted video exactly once."""

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import TypeVar

import httpx

from entrypoints.cli.commands.demo import SAMPLE
from telecine_client.client import Client
from telecine_client.errors import ConnectionFailed
from telecine_client.retry_policy import NO_RETRIES
from tests.e2e.commands import put
from tests.e2e.processes import Telecine, wait_until

T = TypeVar("T")

KILLS = 5
SEED = 20261122


class RetryingClient:
    """A client that repeats each call of the protocol until it gets an answer."""

    def __init__(self, telecine: Telecine) -> None:
        self.client = Client(telecine.url, telecine.token(), retry_policy=NO_RETRIES)
        self.status = ""
        self.video_id = ""

    def run(self) -> None:
        """Upload the sample, and follow it until it is terminal."""
        size_bytes = SAMPLE.stat().st_size
        grant = self._until_answered(lambda: self.client.request_upload(SAMPLE.name, size_bytes, ""))
        self.video_id = grant["video_id"]
        self._until_answered(lambda: put(self.client, grant, SAMPLE))
        self._until_answered(lambda: self.client.complete(self.video_id))
        while self.status not in {"completed", "failed"}:
            self.status = self._until_answered(lambda: self.client.status(self.video_id))["status"]
            sleep(0.1)

    def _until_answered(self, call: Callable[[], T]) -> T:
        while True:
            try:
                return call()
            except (ConnectionFailed, httpx.HTTPError):
                sleep(0.05)


def test_a_video_survives_kills(tmp_path: Path) -> None:
    """After SIGKILLs at random moments it is completed with one rendition and one transcript, without leftovers."""
    moments = random.Random(SEED)
    telecine = Telecine(tmp_path / "data", environment={"TELECINE_TRANSCRIPTION_MODEL": "tiny.en"})
    telecine.data_dir.mkdir()
    client = RetryingClient(telecine)
    uploading = threading.Thread(target=client.run, daemon=True)
    try:
        telecine.start()
        uploading.start()
        for _ in range(KILLS):
            sleep(moments.uniform(0.0, 3.0))
            telecine.kill()
            telecine.start()
        uploading.join(timeout=300)
        assert client.status == "completed", telecine.log.read_text()
        _check_what_is_left(telecine, client)
    finally:
        telecine.kill()
        client.client.close()


def _check_what_is_left(telecine: Telecine, client: RetryingClient) -> None:
    transcript = client.client.transcript(client.video_id)
    assert "your own video service" in transcript["text"].lower()
    playback = client.client.playback(client.video_id)
    rendition = httpx.get(playback["url"])
    assert len(rendition.content) == playback["size_bytes"] < SAMPLE.stat().st_size

    wait_until(lambda: not telecine.rows("SELECT id FROM jobs WHERE state != 'done' AND run_after < datetime('now')"))
    (publication,) = [json.loads(row[0]) for row in telecine.rows("SELECT publication FROM videos")]
    assert telecine.stored_keys() == {publication[key] for key in ("key", "poster_key", "storyboard_key")}
    assert telecine.rows("SELECT count(*) FROM transcripts") == [(1,)]
    assert telecine.rows("SELECT count(*) FROM transcript_chunks") == [(0,)]
    kinds = dict(telecine.rows("SELECT kind, count(*) FROM jobs WHERE kind != 'erase' GROUP BY kind"))
    assert kinds == {"process": 1, "transcribe": 1}
    # The kills interrupted the processing itself, and stayed within its attempts.
    ((attempts, max_attempts),) = telecine.rows("SELECT attempt, max_attempts FROM jobs WHERE kind = 'process'")
    assert 2 <= attempts <= max_attempts
    assert not list((telecine.data_dir / "work").rglob("job-*"))
    assert not list((telecine.data_dir / "bucket" / "incoming").glob("*/*"))
    assert telecine.children_left() == []
