"""Counting requests in a storage of `limits`."""

from dataclasses import dataclass
from hashlib import blake2b
from math import floor
from typing import TypeAlias

from limits.aio.storage import MemoryStorage, RedisStorage

from domain.model.rate_limit import RateLimit, RateLimitState
from domain.ports.rate_limiter import RateLimiter

_KEY_BYTES = 16

Storage: TypeAlias = MemoryStorage | RedisStorage


class StoredRateLimiter(RateLimiter):
    """Counts in a sliding window: the requests of this window, and of the last one the share that still counts.

    That is two numbers for a key however large its limit is; a log of every request, as a moving window keeps it,
    would hold 10,000 times for 10,000 requests. Redis compares and adds in one script, by its own clock, so that
    processes with different clocks do no harm. At the edge of two windows the share is an estimate: it takes the
    requests of the last one for evenly spread.
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
    """The two windows of a key as the storage tells of them: what each counts, and how long that is kept."""

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
        """Until one more request is left: the last window has lost so much of its share, or this one becomes the last.

        The library's own statistics say 0 in the millisecond in which a window begins.
        """
        waits: list[float] = []
        if self.last_count:
            waits.append(self.last_ttl_s % (self.limit.per_s / self.last_count))
        if self.count:
            waits.append(max(0.0, self.ttl_s - self.limit.per_s))
        return min(waits, default=0.0)


def memory_rate_limiter() -> StoredRateLimiter:
    """A rate limiter that counts what this process alone is asked."""
    return StoredRateLimiter(MemoryStorage())


def _name_of(limit: RateLimit, key: str) -> str:
    """A name of one length without odd characters, which says nothing about whom it is for."""
    digest = blake2b(key.encode(errors="surrogatepass"), digest_size=_KEY_BYTES).hexdigest()
    return f"{digest}/{limit.count}/{limit.per_s}"
