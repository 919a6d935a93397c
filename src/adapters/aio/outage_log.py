"""Logs an outage once, however many calls fail during it."""

import logging
from threading import Lock

from structlog.typing import FilteringBoundLogger


class OutageLog:
    """Logs the first failure of an outage and the first success after it; any thread may report them."""

    def __init__(
        self,
        logger: FilteringBoundLogger,
        *,
        began_event: str,
        ended_event: str | None = None,
        level: int = logging.ERROR,
        **fields: object,
    ) -> None:
        """Log `began_event` at `level`, and `ended_event`, if given, as a warning; both events have `fields`."""
        self._logger = logger
        self._fields = fields
        self._began_event = began_event
        self._ended_event = ended_event
        self._level = level
        self._cause: str | None = None
        self._lock = Lock()

    @property
    def is_on(self) -> bool:
        """Whether the last reported call failed."""
        return self._cause is not None

    def failed(self, *, cause: str = "", **fields: object) -> None:
        """Report a failure: it is logged, with these fields, if an outage begins or its cause has changed."""
        if self._changes_to(cause):
            self._logger.log(self._level, self._began_event, **self._fields, **fields)

    def succeeded(self) -> None:
        """Report a success: it is logged if it ends an outage."""
        # Read without the lock first, since nearly every call succeeds.
        if self._cause is not None and self._changes_to(None) and self._ended_event is not None:
            self._logger.warning(self._ended_event, **self._fields)

    def _changes_to(self, cause: str | None) -> bool:
        with self._lock:
            changes = self._cause != cause
            self._cause = cause
            return changes
