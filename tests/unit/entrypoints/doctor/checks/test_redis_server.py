"""The doctor's findings about Redis, from what it reports about itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.settings import Settings
from entrypoints.config.values import Secret
from entrypoints.doctor.checks.redis_server import (
    RedisServer,
    check_database,
    check_memory,
    check_persistence,
    check_server,
    redis_checks,
)
from entrypoints.doctor.report import Level, Verdict, run_check

pytestmark = pytest.mark.anyio


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
def test_redis_must_be_recent_and_persistent(
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
    assert seen.observation == "1 of 2 sampled keys belong to another application"


async def test_a_redis_that_is_away_fails_every_check() -> None:
    """Nothing listens on port 1; the password is not shown."""
    for check in redis_checks(Settings(job_queue=JobQueueSettings(redis_url=Secret("redis://:canary@127.0.0.1:1/0")))):
        found = await run_check(check)
        assert found.verdict.level is Level.FAILED
        assert found.verdict.observation == "Redis does not answer (ConnectionError). (redis_unavailable)"
        assert "canary" not in found.text


async def test_without_servers_there_is_nothing_to_reach() -> None:
    """The embedded default needs none."""
    (check,) = redis_checks(Settings())
    assert (await run_check(check)).verdict.level is Level.OK
