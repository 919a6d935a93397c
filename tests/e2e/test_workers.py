"""`telecine serve` and `telecine worker` as separate processes with a real Redis."""

import signal
import sqlite3
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entrypoints.cli.commands.demo import SAMPLE
from telecine_client.client import Client
from tests.e2e.commands import Running, Shell, put
from tests.e2e.processes import wait_until
from tests.services.redis import RunningRedis, running_redis

MAX_DRAIN_S = 60.0


@pytest.fixture
def server() -> Generator[RunningRedis]:
    """A private Redis server."""
    with running_redis() as running:
        yield running


@pytest.fixture
def shell(tmp_path: Path, server: RunningRedis) -> Shell:
    """A shell in an empty folder, with Redis and without a transcriber."""
    environment = {
        "TELECINE_REDIS_URL": server.url,
        "TELECINE_TRANSCRIBER": "none",
        "TELECINE_LOG_FORMAT": "json",
    }
    return Shell(tmp_path, environment)


@pytest.fixture
def client(shell: Shell) -> Generator[Client]:
    """A client of an API that runs without a worker."""
    with shell.running("serve", "--port", "0") as api, closing(Client(api.url(), shell.token())) as opened:
        yield opened


def _completed_upload(client: Client) -> str:
    """Upload the sample and report it complete; return the video's id."""
    size_bytes = SAMPLE.stat().st_size
    grant = client.request_upload(SAMPLE.name, size_bytes, "")
    put(client, grant, SAMPLE)
    client.complete(grant["video_id"])
    video_id: str = grant["video_id"]
    return video_id


def _rows(shell: Shell, query: str) -> list[Any]:
    with closing(sqlite3.connect(shell.data_dir / "telecine.db", timeout=20)) as connection:
        return connection.execute(query).fetchall()


def _is_compressing(client: Client, video_id: str) -> bool:
    stages = {stage["name"]: stage for stage in client.status(video_id)["stages"]}
    return bool(stages["compress"]["percent"])


def _wait_completed(client: Client, video_id: str) -> None:
    wait_until(lambda: client.status(video_id)["status"] == "completed", timeout_s=300)


def _ready(worker: Running) -> Running:
    worker.says("The worker is ready.")
    return worker


def test_a_worker_starts_the_jobs_that_the_api_sends(shell: Shell, client: Client) -> None:
    """The job arrives through Redis; a sweep would not find it for an hour."""
    rarely_sweeping = replace(shell, environment={**shell.environment, "TELECINE_SWEEP_SECONDS": "3600"})
    with rarely_sweeping.running("worker", "--queues", "media,io,maintenance", "--threads", "2") as running:
        worker = _ready(running)
        video_id = _completed_upload(client)
        wait_until(lambda: _rows(shell, "SELECT attempt FROM jobs WHERE kind = 'process'") == [(1,)])
        _wait_completed(client, video_id)
        assert worker.stop(timeout_s=MAX_DRAIN_S) == 0, worker.log.read_text()


def test_a_stopped_worker_releases_its_job_to_the_next(shell: Shell, client: Client, server: RunningRedis) -> None:
    """After SIGTERM during ffmpeg no attempt counts, and the message waits for the next worker."""
    with shell.running("worker") as running:
        worker = _ready(running)
        video_id = _completed_upload(client)
        wait_until(lambda: _is_compressing(client, video_id))
        assert worker.stop(timeout_s=MAX_DRAIN_S) == 0, worker.log.read_text()
        assert '"result":"given_back"' in worker.log.read_text()
    assert _rows(shell, "SELECT state, attempt FROM jobs WHERE kind = 'process'") == [("queued", 0)]
    assert server.ask("LLEN", "dramatiq:media") == 1
    with shell.running("worker"):
        _wait_completed(client, video_id)


def test_a_worker_ends_in_time_although_redis_hangs(shell: Shell, client: Client, server: RunningRedis) -> None:
    """Its job is released in the database; only the message cannot go back to the queue."""
    with shell.running("worker") as running:
        worker = _ready(running)
        video_id = _completed_upload(client)
        wait_until(lambda: _is_compressing(client, video_id))
        server.pause()
        try:
            assert worker.stop(timeout_s=MAX_DRAIN_S) == 0, worker.log.read_text()
        finally:
            server.resume()
    assert _rows(shell, "SELECT state, attempt FROM jobs WHERE kind = 'process'") == [("queued", 0)]


def test_a_second_signal_ends_a_worker_at_once(shell: Shell) -> None:
    """The second signal skips the clean shutdown."""
    with shell.running("worker") as running:
        worker = _ready(running)
        worker.process.send_signal(signal.SIGTERM)
        worker.process.send_signal(signal.SIGTERM)
        worker.process.wait(MAX_DRAIN_S)


def test_a_worker_waits_for_redis(shell: Shell, client: Client, server: RunningRedis) -> None:
    """Worker and API start without Redis; jobs run once Redis is there, and the outage is logged once."""
    server.stop()
    impatient = replace(shell, environment={**shell.environment, "TELECINE_SWEEP_SECONDS": "1"})
    with impatient.running("worker") as running:
        worker = _ready(running)
        video_id = _completed_upload(client)
        worker.says("redis_unavailable")
        server.start()
        _wait_completed(client, video_id)
        log = worker.log.read_text()
    assert log.count("redis_unavailable") == log.count("redis_available") == 1
    assert "Traceback" not in log
