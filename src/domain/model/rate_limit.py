"""How often somebody may ask."""

import re
from dataclasses import dataclass

MAX_COUNT = 1_000_000

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_TEXT = re.compile(r"([0-9]{1,7})/(second|minute|hour|day)")


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests within so many seconds."""

    count: int
    per_s: int

    def __post_init__(self) -> None:
        """Refuse what would let nobody through, or not limit at all."""
        if not 1 <= self.count <= MAX_COUNT:
            raise ValueError(f"a rate limit has a count of 1 to {MAX_COUNT:,}")
        if self.per_s < 1:
            raise ValueError("a rate limit is over 1 second or more")


@dataclass(frozen=True, slots=True)
class RateLimitState:
    """What a request has left of its limit, and when there will be more of it."""

    limit: int
    remaining: int
    reset_after_s: float
    is_exceeded: bool


def rate_limit(text: str) -> RateLimit:
    """A limit that is written as `600/minute`; the unit is `second`, `minute`, `hour` or `day`.

    Raises:
        ValueError: it is written otherwise, or its count is out of range.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError("a rate limit is written as `600/minute`: a count, a slash, and second, minute, hour or day")
    return RateLimit(int(match[1]), _SECONDS[match[2]])
