"""Counts requests in a storage of `limits`."""

from dataclasses import dataclass
from hashlib import blake2b
from math import floor
from typing import TypeAlias

from limits.aio.storage import MemoryStorage, RedisStorage

from domain.model.access.rate_limit import RateLimit, RateLimitState
from domain.ports.rate_limiter import RateLimiter

_KEY_BYTES = 16

Storage: TypeAlias = MemoryStorage | RedisStorage


class LimitsRateLimiter(RateLimiter):
    """Counts in a sliding window: the requests of this window, plus the part of the last window that still counts.

    A key needs two numbers, however large its limit is; a moving window would store the time of every request. Redis
    compares and adds in one script on its own clock, so the clocks of the processes may differ. The part of the last
    window is an estimate, which assumes that its requests were evenly spread.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def hit(self, limit: RateLimit, key: str, *, cost: int = 1) -> RateLimitState:
        name = _name_of(limit, key)
        has_passed = await self._storage.acquire_sliding_window_entry(name, limit.count, limit.per_s, cost)
        windows = _Windows(limit, *await self._storage.get_sliding_window(name, limit.per_s))
        return RateLimitState(limit.count, windows.remaining, windows.reset_after_s, not has_passed)


@dataclass(frozen=True, slots=True)
class _Windows:
    """The two windows of a key as stored: the count of each, and how much longer it is stored."""

    limit: RateLimit
    last_count: int
    last_ttl_s: float
    count: int
    ttl_s: float

    @property
    def remaining(self) -> int:
        last = self.last_count * self.last_ttl_s / self.limit.per_s
        return max(0, self.limit.count - floor(last) - self.count)

    @property
    def reset_after_s(self) -> float:
        """Seconds until one more request is left.

        By then the count from the last window has fallen by one, or this window has become the last one. The library's
        own statistics report 0 in the millisecond in which a window begins.
        """
        waits: list[float] = []
        if self.last_count:
            waits.append(self.last_ttl_s % (self.limit.per_s / self.last_count))
        if self.count:
            waits.append(max(0.0, self.ttl_s - self.limit.per_s))
        return min(waits, default=0.0)


def memory_rate_limiter() -> LimitsRateLimiter:
    """A rate limiter that counts only the requests of this process."""
    return LimitsRateLimiter(MemoryStorage())


def _name_of(limit: RateLimit, key: str) -> str:
    """A storage key of bounded length and plain characters, which does not reveal the rate limit's key."""
    digest = blake2b(key.encode(errors="surrogatepass"), digest_size=_KEY_BYTES).hexdigest()
    return f"{digest}/{limit.count}/{limit.per_s}"
