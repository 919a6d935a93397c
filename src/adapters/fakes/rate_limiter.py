"""A rate limiter that keeps the time of every request."""

from datetime import datetime, timedelta

from domain.model.access.rate_limit import RateLimit, RateLimitState
from domain.ports.clock import Clock
from domain.ports.rate_limiter import RateLimiter


class InMemoryRateLimiter(RateLimiter):
    """Counts exactly, on the given clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.hits: dict[tuple[RateLimit, str], list[datetime]] = {}

    async def hit(self, limit: RateLimit, key: str, *, cost: int = 1) -> RateLimitState:
        now, window = self._clock.now(), timedelta(seconds=limit.per_s)
        hits = [hit_at for hit_at in self.hits.get((limit, key), []) if hit_at > now - window]
        is_exceeded = len(hits) + cost > limit.count
        if not is_exceeded:
            hits += [now] * cost
        self.hits[limit, key] = hits
        reset_after_s = (hits[0] + window - now).total_seconds() if hits else 0.0
        return RateLimitState(limit.count, limit.count - len(hits), reset_after_s, is_exceeded)
