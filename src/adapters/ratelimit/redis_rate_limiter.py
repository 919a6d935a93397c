"""Counts requests in Redis, shared by all processes."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import cast

import structlog
from limits.aio.storage import RedisStorage
from redis import ConnectionError as RedisConnectionError
from redis import RedisError
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from adapters.aio.outage_log import OutageLog
from adapters.ratelimit.rate_limiter import LimitsRateLimiter
from domain.model.access.rate_limit import RateLimit, RateLimitState
from domain.ports.rate_limiter import RateLimiter

KEY_PREFIX = "telecine:limits"
CONNECTIONS = 4
MAX_WAIT_S = 0.25
PAUSE_S = 3.0

_logger = structlog.get_logger("telecine.limits")


class RedisRateLimiter(RateLimiter):
    """Allows every request while Redis is unavailable, and logs the start and the end of the outage once each.

    A call waits at most `max_wait_s` for Redis. After a failure no call uses Redis for `pause_s`; then a single call
    tries again. At most `CONNECTIONS` calls wait for Redis at a time: the wait for a connection does not count towards
    the time limit, so a burst of requests is not mistaken for an outage.
    """

    def __init__(self, counts: RateLimiter, *, max_wait_s: float = MAX_WAIT_S, pause_s: float = PAUSE_S) -> None:
        self._counts = counts
        self._max_wait_s = max_wait_s
        self._pause_s = pause_s
        self._paused_until = 0.0
        self._outage = OutageLog(_logger, began_event="rate_limits_unavailable", ended_event="rate_limits_available")
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def hit(self, limit: RateLimit, key: str, *, cost: int = 1) -> RateLimitState:
        async with self._free:
            if self._is_paused():
                return _uncounted(limit)
            try:
                async with asyncio.timeout(self._max_wait_s):
                    state = await self._counts.hit(limit, key, cost=cost)
            except (RedisError, OSError) as error:
                self._pause()
                self._outage.failed(error=f"{type(error).__name__}: {error}")
                return _uncounted(limit)
        self._outage.succeeded()
        return state

    def _is_paused(self) -> bool:
        """Whether to skip Redis. The first call after a pause tries it, and starts a pause for all other calls."""
        if not self._outage.is_on:
            return False
        if monotonic() < self._paused_until:
            return True
        self._pause()
        return False

    def _pause(self) -> None:
        self._paused_until = monotonic() + self._pause_s


@asynccontextmanager
async def redis_rate_limiter(
    url: str, *, max_wait_s: float = MAX_WAIT_S, pause_s: float = PAUSE_S
) -> AsyncGenerator[RedisRateLimiter]:
    """A rate limiter for the running event loop; Redis may still be unavailable when it opens."""
    pool = _connection_pool(url)
    try:
        yield RedisRateLimiter(LimitsRateLimiter(_storage(pool)), max_wait_s=max_wait_s, pause_s=pause_s)
    finally:
        await pool.aclose()


def _connection_pool(url: str) -> ConnectionPool:
    """A pool that replaces a broken connection at once, with one retry; its callers limit the time of each call."""
    connect = cast("Callable[..., ConnectionPool]", ConnectionPool.from_url)
    retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
    # With a limit of the socket, redis-py would lose cancellations on Python 3.11.
    return connect(url, client_name="telecine", retry=retry, socket_timeout=None)


def _storage(pool: ConnectionPool) -> RedisStorage:
    """The URL is a placeholder: the pool holds the address and the options of its connections."""
    storage = cast("Callable[..., RedisStorage]", RedisStorage)
    return storage("redis://", implementation="redispy", key_prefix=KEY_PREFIX, connection_pool=pool)


def _uncounted(limit: RateLimit) -> RateLimitState:
    return RateLimitState(limit.count, limit.count, 0.0, is_exceeded=False)
