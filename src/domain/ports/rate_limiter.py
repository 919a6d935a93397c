"""Rate limits: counts requests by key."""

from abc import abstractmethod
from typing import Protocol

from domain.model.access.rate_limit import RateLimit, RateLimitState


class RateLimiter(Protocol):
    """Counts requests by key, in counters that several processes may share."""

    @abstractmethod
    async def hit(self, limit: RateLimit, key: str, *, cost: int = 1) -> RateLimitState:
        """Charge `cost` to the key if that much is left; checking and charging are one atomic step.

        A request that exceeds the limit is not charged. Any text is a valid key; two keys, or two limits, never share a
        counter. After `reset_after_s`, at least one request more than `remaining` is allowed, unless others use the key
        in the meantime. A limiter that can't count allows every request.
        """
