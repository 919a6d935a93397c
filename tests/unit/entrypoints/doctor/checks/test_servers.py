"""The doctor's findings about servers, from what they report about themselves."""

import json
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from adapters.sql.database import sqlite_database
from adapters.sql.schema_revision import MigrationLevel
from domain.model.errors import Unavailable
from entrypoints.config.database import DatabaseSettings
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret
from entrypoints.doctor.checks import transcription
from entrypoints.doctor.checks.database import (
    ServerFacts,
    check_file,
    database_checks,
    judged_clock,
    judged_level,
    judged_server,
)
from entrypoints.doctor.checks.redis_server import (
    RedisServer,
    check_database,
    check_memory,
    check_persistence,
    check_server,
    redis_checks,
)
from entrypoints.doctor.checks.transcription import check_model, transcriber_checks
from entrypoints.doctor.checks.transcription import check_server as check_transcriber
from entrypoints.doctor.report import Level, Verdict, find

pytestmark = pytest.mark.anyio

KEY = "sk-canary-0123456789"


@dataclass
class FakeRedisServer(RedisServer):
    """A server with these facts and keys."""

    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    keys: tuple[bytes, ...] = ()

    def info(self) -> Mapping[str, Any]:
        """The facts, over those of a healthy server."""
        good = {"redis_version": "7.0.15", "maxmemory_policy": "noeviction", "aof_enabled": 1}
        return {**good, **self.facts}

    def scan_iter(self, *, count: int) -> Iterator[bytes]:
        """The keys."""
        return iter(self.keys[:count])

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("look", "facts", "level"),
    [
        (check_server, {}, Level.OK),
        (check_server, {"redis_version": "10.0.1"}, Level.OK),
        (check_server, {"redis_version": "5.0.14"}, Level.FAILED),
        (check_memory, {}, Level.OK),
        (check_memory, {"maxmemory_policy": "allkeys-lru"}, Level.WARNING),
        (check_persistence, {}, Level.OK),
        (check_persistence, {"aof_enabled": 0}, Level.WARNING),
    ],
)
def test_redis_must_be_new_enough_and_keep_what_it_has(
    look: Callable[[RedisServer], Verdict], facts: Mapping[str, Any], level: Level
) -> None:
    """The jobs are in the database, so only an old version is a failure."""
    seen = look(FakeRedisServer(facts))
    assert seen.level is level
    assert bool(seen.remedy) is (level is not Level.OK)


def test_a_redis_that_is_shared_is_a_warning() -> None:
    """Another application may flush it; its keys are counted, not shown."""
    ours = (b"dramatiq:media", b"dramatiq:media.msgs", b"telecine:limits:LIMITER/a")
    assert check_database(FakeRedisServer(keys=ours)).level is Level.OK
    seen = check_database(FakeRedisServer(keys=(b"dramatiq:media", b"session:canary")))
    assert seen.level is Level.WARNING
    assert seen.seen == "1 of 2 sampled keys belong to another application"


async def test_a_redis_that_is_away_fails_every_check() -> None:
    """Nothing listens on port 1; the password is not shown."""
    for check in redis_checks(Settings(job_queue=JobQueueSettings(redis_url=Secret("redis://:canary@127.0.0.1:1/0")))):
        found = await find(check)
        assert found.verdict.level is Level.FAILED
        assert found.verdict.seen == "Redis does not answer (ConnectionError). (redis_unavailable)"
        assert "canary" not in found.text


async def test_without_servers_there_is_nothing_to_reach() -> None:
    """The embedded default needs none."""
    (check,) = redis_checks(Settings())
    assert (await find(check)).verdict.level is Level.OK


async def test_a_database_that_is_away_fails_every_check() -> None:
    """Nothing listens on port 1; the password is not shown."""
    settings = Settings(database=DatabaseSettings(url=Secret("postgresql://ann:canary@127.0.0.1:1/telecine")))
    for check in database_checks(settings):
        found = await find(check)
        assert found.verdict.level is Level.FAILED
        assert found.verdict.seen.endswith("(database_unavailable)")
        assert "psql" in found.verdict.remedy
        assert "canary" not in found.text


@pytest.mark.parametrize(
    ("current", "is_known", "level", "remedy"),
    [
        (None, True, Level.FAILED, "telecine migrate"),
        ("0001", True, Level.FAILED, "telecine migrate"),
        ("0002", True, Level.OK, ""),
        ("0009", False, Level.FAILED, "newer version"),
    ],
)
def test_a_database_must_have_this_versions_migrations(
    current: str | None, level: Level, remedy: str, *, is_known: bool
) -> None:
    """If behind, run the migrations; if ahead, install the newer Telecine."""
    seen = judged_level(MigrationLevel(current, "0002", is_known))
    assert (seen.level, remedy in seen.remedy) == (level, True)


@pytest.mark.parametrize(
    ("major", "free_connections", "level"),
    [
        (13, 100, Level.FAILED),
        (14, 100, Level.OK),
        (14, 10, Level.OK),
        (17, 9, Level.WARNING),
        (17, -3, Level.WARNING),
    ],
)
def test_a_server_is_new_enough_and_has_room(major: int, free_connections: int, level: Level) -> None:
    """For the pool of one more process, of ten connections here."""
    facts = ServerFacts(f"{major}.1", major, free_connections, may_create=True, skew=timedelta())
    assert judged_server(facts, pool_size=10).level is level


@pytest.mark.parametrize(
    ("skew_s", "level", "seen"),
    [
        (2.0, Level.OK, "2.0 s ahead of"),
        (-2.0, Level.OK, "2.0 s behind"),
        (2.1, Level.WARNING, "2.1 s ahead of"),
        (-3600.0, Level.WARNING, "3600.0 s behind"),
    ],
)
def test_the_clocks_of_two_hosts_agree_within_two_seconds(skew_s: float, level: Level, seen: str) -> None:
    """In both directions; the finding says which."""
    verdict = judged_clock(timedelta(seconds=skew_s))
    assert (verdict.level, seen in verdict.seen) == (level, True)


async def test_an_embedded_database_is_only_read(tmp_path: Path) -> None:
    """A newer doctor must not migrate the database of a running older Telecine."""
    path = tmp_path / "telecine.db"
    assert check_file(path).level is Level.OK
    async with sqlite_database(path):
        assert check_file(path).level is Level.OK
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    for _ in range(2):
        seen = check_file(path)
        assert (seen.level, seen.remedy) == (Level.FAILED, "Run `telecine migrate`.")


@pytest.fixture
def damaged_database(tmp_path: Path) -> Path:
    """An invalid file in place of the database."""
    path = tmp_path / "telecine.db"
    path.write_bytes(b"this is no database at all, " * 100)
    return path


async def test_a_damaged_embedded_database_has_failed(damaged_database: Path) -> None:
    """The remedy names the file."""
    (check,) = database_checks(Settings(storage=StorageSettings(data_dir=damaged_database.parent)))
    found = await find(check)
    assert found.verdict.level is Level.FAILED
    assert str(damaged_database) in found.verdict.remedy


@contextmanager
def models_server(status: int, body: bytes) -> Generator[tuple[str, list[str]]]:
    """A server with this response to the list of models; yields its URL and the keys that it received."""
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send the response."""
            keys.append(self.headers.get("Authorization", ""))
            self.send_response(status if self.path == "/v1/models" else 418)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class has it)
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1", keys
        finally:
            server.shutdown()
            serving.join()


def listing(*models: str) -> bytes:
    """The format in which OpenAI's API lists models."""
    return json.dumps({"object": "list", "data": [{"id": model, "object": "model"} for model in models]}).encode()


@pytest.mark.parametrize(
    ("status", "body", "level", "seen"),
    [
        (200, listing("gpt-transcribe", "other"), Level.OK, "accepts the key"),
        (200, listing("other"), Level.FAILED, "does not offer 'gpt-transcribe'"),
        (200, b"<html>", Level.OK, "accepts the key"),
        (200, b"[]", Level.OK, "accepts the key"),
        (401, b"canary", Level.FAILED, "401: the key is rejected"),
        (403, b"canary", Level.FAILED, "403: the key is rejected"),
        (404, b"canary", Level.WARNING, "404"),
        (500, b"canary", Level.WARNING, "500"),
    ],
)
async def test_the_transcriber_is_asked_for_its_models(status: int, body: bytes, level: Level, seen: str) -> None:
    """The request is free and needs the key; neither the key nor the response is shown."""
    with models_server(status, body) as (base_url, keys):
        settings = Settings(
            transcription=TranscriptionSettings(
                transcriber="openai", openai_api_key=Secret(KEY), openai_base_url=base_url
            )
        )
        verdict = await check_transcriber(settings)
    assert keys == [f"Bearer {KEY}"]
    assert (verdict.level, seen in verdict.seen) == (level, True), verdict
    assert "canary" not in verdict.seen + verdict.remedy


async def test_a_transcriber_that_is_away_has_failed() -> None:
    """The remedy names the variable."""
    (check,) = transcriber_checks(
        Settings(transcription=TranscriptionSettings(transcriber="openai", openai_base_url="http://127.0.0.1:1/v1"))
    )
    found = await find(check)
    assert found.verdict.seen == "http://127.0.0.1:1/v1 cannot be reached (ConnectError)"
    assert "OPENAI_BASE_URL" in found.verdict.remedy


async def test_a_model_of_the_hub_is_not_fetched() -> None:
    """It may have gigabytes."""
    verdict = await check_model(Settings(transcription=TranscriptionSettings(transcription_model="large-v3")))
    assert verdict.level is Level.WARNING
    assert "TELECINE_TRANSCRIPTION_MODEL" in verdict.remedy


async def test_a_missing_extra_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the name to install."""

    def not_installed(_name: str) -> None:
        return None

    def import_fails(_config: object) -> None:
        raise Unavailable("Local transcription needs faster-whisper.", code="transcriber_missing")

    monkeypatch.setattr(transcription, "find_spec", not_installed)
    monkeypatch.setattr(transcription, "load_engine", import_fails)
    (check,) = transcriber_checks(Settings(transcription=TranscriptionSettings(transcription_model="large-v3")))
    found = await find(check)
    assert found.verdict.seen.endswith("(transcriber_missing)")
    assert "telecine[local]" in found.verdict.remedy


async def test_no_transcriber_is_fine() -> None:
    """It is configured so."""
    (check,) = transcriber_checks(Settings(transcription=TranscriptionSettings(transcriber="none")))
    assert (await find(check)).verdict.level is Level.OK
