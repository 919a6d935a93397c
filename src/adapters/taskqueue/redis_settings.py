"""The clients of Redis and their settings."""

from collections.abc import Callable
from typing import Any, cast

from redis import ConnectionError as RedisConnectionError
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

# The longest wait for an unresponsive Redis.
TIMEOUT_S = 2.0
CONNECTION: dict[str, Any] = {
    "socket_timeout": TIMEOUT_S,
    "socket_connect_timeout": TIMEOUT_S,
    "client_name": "telecine",
}

# One retry replaces a broken connection; if Redis is unavailable, the caller decides when to try again.
_RETRIES = 1
_RETRIED = (RedisConnectionError,)


def redis_client(url: str) -> Redis:
    """A client for threads."""
    connect = cast("Callable[..., Redis]", Redis.from_url)
    return connect(url, retry=Retry(NoBackoff(), _RETRIES, supported_errors=_RETRIED), **CONNECTION)


def async_redis_client(url: str) -> AsyncRedis:
    """A client for the running event loop, whose callers limit the time of each call.

    With a limit of the socket, redis-py writes through `asyncio.wait_for`, which loses a cancellation on Python 3.11:
    the cancelled task would continue.
    """
    connect = cast("Callable[..., AsyncRedis]", AsyncRedis.from_url)
    retry = AsyncRetry(NoBackoff(), _RETRIES, supported_errors=_RETRIED)
    return connect(url, retry=retry, **{**CONNECTION, "socket_timeout": None})
