"""Checks Redis: reachable, supported, and configured to keep its data."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Protocol, cast

from redis import RedisError

from adapters.ratelimit.redis_rate_limiter import KEY_PREFIX
from adapters.taskqueue.redis_settings import redis_client
from domain.model.errors import Unavailable
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.report import Check, Verdict, failed, in_thread, ok, warning

OLDEST_VERSION = 6

_OUR_KEYS = (b"dramatiq:", f"{KEY_PREFIX}:".encode())
_SAMPLE = 1000


class RedisServer(Protocol):
    """The part of the Redis client that is used here, with types."""

    def info(self) -> Mapping[str, Any]:
        """The server's properties, as the INFO command returns them."""
        ...

    def scan_iter(self, *, count: int) -> Iterator[bytes]:
        """The keys, in no particular order."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


def redis_checks(settings: Settings) -> list[Check]:
    """The checks of the Redis server, if one is configured; without it, jobs stay within one process."""
    if settings.job_queue.redis_url is None:
        return [Check("redis", in_thread(_not_configured), "")]
    url = settings.job_queue.redis_url.reveal()
    checks = {
        "redis": check_server,
        "redis memory": check_memory,
        "redis persistence": check_persistence,
        "redis database": check_database,
    }
    remedy = (
        f"Start Redis, and correct {variable('redis_url')}: `redis-cli -u` with the same URL must connect from here."
    )
    return [Check(name, in_thread(partial(_run_check, url, check)), remedy) for name, check in checks.items()]


def check_server(server: RedisServer) -> Verdict:
    """Check the server's version."""
    version = str(server.info()["redis_version"])
    if int(version.partition(".")[0]) < OLDEST_VERSION:
        return failed(f"version {version} is too old", f"Upgrade Redis to {OLDEST_VERSION} or newer.")
    return ok(f"version {version} responds")


def check_memory(server: RedisServer) -> Verdict:
    """Check that Redis evicts no keys: it would drop messages, and the sweep would have to resend their jobs."""
    policy = str(server.info().get("maxmemory_policy", "unknown"))
    if policy != "noeviction":
        return warning(
            f"maxmemory-policy is {policy}, so messages may be evicted",
            "redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.",
        )
    return ok("maxmemory-policy is noeviction")


def check_persistence(server: RedisServer) -> Verdict:
    """Check that Redis persists messages; without that, no job is lost, but a restart of Redis delays queued jobs."""
    if not int(server.info().get("aof_enabled", 0)):
        return warning(
            "appendonly is off: jobs queued when Redis restarts are sent again only a minute later",
            "redis-cli CONFIG SET appendonly yes, and the same in redis.conf.",
        )
    return ok("appendonly is on")


def check_database(server: RedisServer) -> Verdict:
    """Check that no other application uses the database, because it might flush it."""
    keys = list(islice(server.scan_iter(count=_SAMPLE), _SAMPLE))
    foreign = [key for key in keys if not key.startswith(_OUR_KEYS)]
    if foreign:
        return warning(
            f"{len(foreign)} of {len(keys)} sampled keys belong to another application",
            f"Give Telecine a separate database: another number at the end of {variable('redis_url')}.",
        )
    return ok("the database has no keys of other applications")


def _not_configured() -> Verdict:
    return ok(f"{variable('redis_url')} is not set: one process serves the API and runs all jobs")


def _run_check(url: str, check: Callable[[RedisServer], Verdict]) -> Verdict:
    with _connected(url) as server:
        return check(server)


@contextmanager
def _connected(url: str) -> Generator[RedisServer]:
    server = cast("RedisServer", redis_client(url))
    try:
        yield server
    except RedisError as error:
        raise Unavailable(f"Redis does not answer ({type(error).__name__}).", code="redis_unavailable") from error
    finally:
        server.close()
