"""Telling of a Redis that is away, once."""

from threading import Lock

import structlog
from redis import RedisError

_logger = structlog.get_logger("telecine.queue")


class RedisOutage:
    """Tells once that Redis is away, and once that it is back, whichever thread finds out."""

    def __init__(self) -> None:
        self._is_on = False
        self._lock = Lock()

    def begins(self, error: RedisError) -> None:
        """Note a fault."""
        if self._changes_to(is_on=True):
            _logger.error("redis_unavailable", error=repr(error))

    def ends(self) -> None:
        """Note that all is well."""
        if self._is_on and self._changes_to(is_on=False):
            _logger.warning("redis_available")

    def _changes_to(self, *, is_on: bool) -> bool:
        with self._lock:
            changes = self._is_on is not is_on
            self._is_on = is_on
            return changes
