"""Logs outages of Redis."""

import structlog
from redis import RedisError

from adapters.aio.outage_log import OutageLog

_logger = structlog.get_logger("telecine.queue")


class RedisOutage:
    """Logs once that Redis is unavailable, and once that it is available again; any thread may report.

    Sending and receiving have separate logs: a full Redis still returns messages but accepts none.
    """

    def __init__(self, purpose: str) -> None:
        self._log = OutageLog(_logger, began_event="redis_unavailable", ended_event="redis_available", purpose=purpose)

    def failed(self, error: RedisError | TimeoutError) -> None:
        """Record a failed call."""
        self._log.failed(error=f"{type(error).__name__}: {error}")

    def succeeded(self) -> None:
        """Record a successful call."""
        self._log.succeeded()
