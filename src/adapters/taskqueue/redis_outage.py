"""Logs the outages of Redis, once each."""

from threading import Lock

import structlog
from redis import RedisError

_logger = structlog.get_logger("telecine.queue")


class RedisOutage:
    """Logs once that Redis is unavailable, and once that it is available again; any thread may report.

    Sending and taking have separate outages: a full Redis still returns messages but accepts none.
    """

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._is_on = False
        self._lock = Lock()

    def begins(self, error: RedisError) -> None:
        """Record a failed call."""
        if self._changes_to(is_on=True):
            _logger.error("redis_unavailable", purpose=self._purpose, error=f"{type(error).__name__}: {error}")

    def ends(self) -> None:
        """Record a successful call."""
        if self._is_on and self._changes_to(is_on=False):
            _logger.warning("redis_available", purpose=self._purpose)

    def _changes_to(self, *, is_on: bool) -> bool:
        with self._lock:
            changes = self._is_on is not is_on
            self._is_on = is_on
            return changes
