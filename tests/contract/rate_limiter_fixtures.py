"""Rate limiters under test, each with a way to advance time."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.fakes.clock import FakeClock
from adapters.fakes.rate_limiter import InMemoryRateLimiter
from adapters.ratelimit.rate_limiter import memory_rate_limiter
from adapters.ratelimit.redis_rate_limiter import redis_rate_limiter
from domain.ports.rate_limiter import RateLimiter
from tests.services.redis import RunningRedis

# Redis counts in milliseconds.
TICK_S = 0.01
# On a busy machine a test may be delayed for longer than a request may wait for Redis.
MAX_WAIT_S = 20.0


@dataclass(frozen=True)
class Subject:
    """A rate limiter and a way to advance its time."""

    limiter: RateLimiter
    advance_time: Callable[[float], Awaitable[None]]


async def _pass_real_time(delay_s: float) -> None:
    await asyncio.sleep(delay_s + TICK_S)


@asynccontextmanager
async def opened_subject(name: str, redis: Callable[[], RunningRedis]) -> AsyncGenerator[Subject]:
    """A rate limiter that has counted nothing; no connection may be left."""
    match name:
        case "in_memory":
            clock = FakeClock(auto=True)
            yield Subject(InMemoryRateLimiter(clock), clock.sleep)
        case "memory":
            yield Subject(memory_rate_limiter(), _pass_real_time)
        case _:
            server = redis()
            server.flushall()
            async with redis_rate_limiter(server.url, max_wait_s=MAX_WAIT_S) as limiter:
                yield Subject(limiter, _pass_real_time)
            assert "name=telecine" not in str(server.ask("CLIENT LIST"))
