"""Telling of a Redis that is away, once."""

from threading import Lock

import structlog
from redis import RedisError

_logger = structlog.get_logger("telecine.queue")


class RedisOutage:
    """Tells once that Redis is away, and once that it is back, whichever thread finds out.

    Putting and taking are told apart: a full Redis gives, and takes nothing.
    """

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._is_on = False
        self._lock = Lock()

    def begins(self, error: RedisError) -> None:
        """Note a fault."""
        if self._changes_to(is_on=True):
            _logger.error("redis_unavailable", purpose=self._purpose, error=f"{type(error).__name__}: {error}")

    def ends(self) -> None:
        """Note that all is well."""
        if self._is_on and self._changes_to(is_on=False):
            _logger.warning("redis_available", purpose=self._purpose)

    def _changes_to(self, *, is_on: bool) -> bool:
        with self._lock:
            changes = self._is_on is not is_on
            self._is_on = is_on
            return changes
