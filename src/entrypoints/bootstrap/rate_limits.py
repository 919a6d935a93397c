"""Opens the rate limiter."""

from contextlib import AsyncExitStack

from adapters.ratelimit.rate_limiter import memory_rate_limiter
from domain.ports.rate_limiter import RateLimiter
from entrypoints.config.values import Secret


async def open_rate_limiter(*, redis_url: Secret | None, stack: AsyncExitStack) -> RateLimiter:
    """Open the limiter that counts in Redis for all processes, or in the memory of this one."""
    if redis_url is None:
        return memory_rate_limiter()
    from adapters.ratelimit.redis_rate_limiter import redis_rate_limiter

    return await stack.enter_async_context(redis_rate_limiter(redis_url.reveal()))
