"""The log of Redis's outages."""

import structlog
from redis import RedisError

from adapters.aio.outage_log import OutageLog

_logger = structlog.get_logger("telecine.queue")


class RedisOutage:
    """Logs once that Redis is away and once that it is back, from whichever thread.

    Sending and taking jobs have separate outages: a full Redis hands out messages, but accepts none.
    """

    def __init__(self, purpose: str) -> None:
        self._log = OutageLog(_logger, began="redis_unavailable", ended="redis_available", purpose=purpose)

    def begins(self, error: RedisError) -> None:
        """Report a failed call."""
        self._log.failed(error=f"{type(error).__name__}: {error}")

    def ends(self) -> None:
        """Report a successful call."""
        self._log.succeeded()
