"""Rate limits: how many requests are allowed in a period."""

import re
from dataclasses import dataclass

MAX_COUNT = 1_000_000

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_TEXT = re.compile(r"([0-9]{1,7})/(second|minute|hour|day)")


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` requests within `per_s` seconds."""

    count: int
    per_s: int

    def __post_init__(self) -> None:
        """Refuse a limit that would block every request or none."""
        if not 1 <= self.count <= MAX_COUNT:
            raise ValueError(f"the count of a rate limit must be from 1 to {MAX_COUNT:,}")
        if self.per_s < 1:
            raise ValueError("the period of a rate limit must be at least 1 second")


@dataclass(frozen=True, slots=True)
class RateLimitState:
    """How many requests are left within a limit, and when there will be more."""

    limit: int
    remaining: int
    reset_after_s: float
    is_exceeded: bool


def rate_limit(text: str) -> RateLimit:
    """Parse a limit such as `600/minute`; the unit is `second`, `minute`, `hour` or `day`.

    Raises:
        ValueError: the format is different, or the count is out of range.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError("a rate limit has the form `600/minute`: a count, a slash, and second, minute, hour or day")
    return RateLimit(int(match[1]), _SECONDS[match[2]])
