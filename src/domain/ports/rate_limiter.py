"""Counting how often somebody asks."""

from abc import abstractmethod
from typing import Protocol

from domain.model.rate_limit import RateLimit, RateLimitState


class RateLimiter(Protocol):
    """Counts requests by key, together with every process that shares the counts."""

    @abstractmethod
    async def hit(self, limit: RateLimit, key: str, *, cost: int = 1) -> RateLimitState:
        """Take a request off what the key has left, or find that it has too little left; both in one step.

        A request beyond the limit takes nothing. Any text is a key, and no two keys or limits share a count. Who
        waits `reset_after_s` has at least one more request than `remaining`, if nobody else asks with the key.
        A limiter that can't count lets everybody through.
        """
