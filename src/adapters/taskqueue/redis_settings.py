"""How Redis is connected to."""

from collections.abc import Callable
from typing import Any, cast

from redis import ConnectionError as RedisConnectionError
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

# A Redis that has gone silent holds nobody for longer.
TIMEOUT_S = 2.0
CONNECTION: dict[str, Any] = {
    "socket_timeout": TIMEOUT_S,
    "socket_connect_timeout": TIMEOUT_S,
    "client_name": "telecine",
}

# A connection that has died is replaced; a Redis that is away is left to whoever asks again.
_RETRIES = 1
_RETRIED = (RedisConnectionError,)


def redis_client(url: str) -> Redis:
    """A client for threads."""
    connect = cast("Callable[..., Redis]", Redis.from_url)
    return connect(url, retry=Retry(NoBackoff(), _RETRIES, supported_errors=_RETRIED), **CONNECTION)


def async_redis_client(url: str) -> AsyncRedis:
    """A client for the running event loop."""
    connect = cast("Callable[..., AsyncRedis]", AsyncRedis.from_url)
    return connect(url, retry=AsyncRetry(NoBackoff(), _RETRIES, supported_errors=_RETRIED), **CONNECTION)
