"""Counting requests in Redis, for all processes together."""

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
from adapters.ratelimit.rate_limiter import StoredRateLimiter
from domain.model.rate_limit import RateLimit, RateLimitState
from domain.ports.rate_limiter import RateLimiter

KEY_PREFIX = "telecine:limits"
CONNECTIONS = 4
MAX_WAIT_S = 0.25
REST_S = 3.0

_logger = structlog.get_logger("telecine.limits")


class RedisRateLimiter(RateLimiter):
    """Lets everybody through while Redis is away, which is told once, as is its return.

    Whoever asks a Redis that has fallen silent waits for a moment; after that nobody asks it for some seconds, and then
    one request does. The answer is waited for by as many as there are connections, so that a rush of requests is not
    mistaken for a silent Redis.
    """

    def __init__(self, counts: RateLimiter, *, max_wait_s: float = MAX_WAIT_S, rest_s: float = REST_S) -> None:
        self._counts = counts
        self._max_wait_s = max_wait_s
        self._rest_s = rest_s
        self._rests_until = 0.0
        self._outage = OutageLog(_logger, began="rate_limits_unavailable", ended="rate_limits_available")
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def hit(self, limit: RateLimit, key: str, *, cost: int = 1) -> RateLimitState:
        async with self._free:
            if self._is_resting():
                return _uncounted(limit)
            try:
                async with asyncio.timeout(self._max_wait_s):
                    state = await self._counts.hit(limit, key, cost=cost)
            except (RedisError, OSError) as error:
                self._rest()
                self._outage.failed(error=f"{type(error).__name__}: {error}")
                return _uncounted(limit)
        self._outage.succeeded()
        return state

    def _is_resting(self) -> bool:
        """Whether Redis is to be left alone; whoever comes after the rest asks alone, the next rest has begun."""
        if not self._outage.is_on:
            return False
        if monotonic() < self._rests_until:
            return True
        self._rest()
        return False

    def _rest(self) -> None:
        self._rests_until = monotonic() + self._rest_s


@asynccontextmanager
async def redis_rate_limiter(
    url: str, *, max_wait_s: float = MAX_WAIT_S, rest_s: float = REST_S
) -> AsyncGenerator[RedisRateLimiter]:
    """A rate limiter for the event loop that enters; Redis need not be there yet."""
    pool = _connection_pool(url)
    try:
        yield RedisRateLimiter(StoredRateLimiter(_storage(pool)), max_wait_s=max_wait_s, rest_s=rest_s)
    finally:
        await pool.aclose()


def _connection_pool(url: str) -> ConnectionPool:
    """A connection that has died is replaced at once."""
    connect = cast("Callable[..., ConnectionPool]", ConnectionPool.from_url)
    retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
    return connect(url, client_name="telecine", retry=retry)


def _storage(pool: ConnectionPool) -> RedisStorage:
    """The pool knows where Redis is and how it is spoken to, so the storage is not told."""
    storage = cast("Callable[..., RedisStorage]", RedisStorage)
    return storage("redis://", implementation="redispy", key_prefix=KEY_PREFIX, connection_pool=pool)


def _uncounted(limit: RateLimit) -> RateLimitState:
    return RateLimitState(limit.count, limit.count, 0.0, is_exceeded=False)
