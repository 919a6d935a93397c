"""Skips the calls that follow a failed one, so that no caller waits for an unavailable server."""

from time import monotonic

import structlog

from adapters.aio.outage_log import OutageLog

PAUSE_S = 3.0

_logger = structlog.get_logger("telecine.events")


class Pause:
    """After a failure, calls are skipped for `pause_s`; an outage is logged once at its start and once at its end."""

    def __init__(self, server: str, *, pause_s: float = PAUSE_S) -> None:
        self.pause_s = pause_s
        self._until = 0.0
        self._outage = OutageLog(
            _logger, began_event="event_bus_unavailable", ended_event="event_bus_available", server=server
        )

    @property
    def is_on(self) -> bool:
        """Whether to skip calls now."""
        return monotonic() < self._until

    def failed(self, error: BaseException) -> None:
        """Start a pause."""
        self._until = monotonic() + self.pause_s
        self._outage.failed(error=type(error).__name__)

    def succeeded(self) -> None:
        """Record a call that the server has answered."""
        self._outage.succeeded()
