"""A cache of the provider's key set: refreshed when it is old, and kept while the provider is unavailable."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from adapters.aio.outage_log import OutageLog
from adapters.jwt.jwks import KeySet, keys_unavailable
from domain.model.errors import Unavailable
from domain.ports.clock import Clock

MIN_INTERVAL_S = 10.0

_logger = structlog.get_logger("telecine.jwks")

Fetch = Callable[[], Awaitable[KeySet]]
"""Fetches the key set; raises Unavailable, and no other error, if the provider does not return one."""


class JwksCache:
    """Holds the last key set; all callers share one fetch, and fetches start at least `MIN_INTERVAL_S` apart.

    Without the interval, a client could make the server fetch with every token that names an unknown key.
    """

    def __init__(self, fetch: Fetch, clock: Clock, *, max_age_s: float) -> None:
        self._fetch = fetch
        self._clock = clock
        self._max_age_s = max_age_s
        self._keys = KeySet()
        self._fetched_at: datetime | None = None
        self._fetch_began_at = clock.now()
        self._fetching: asyncio.Task[None] | None = None
        self._outage = OutageLog(
            _logger, began_event="jwks_unavailable", ended_event="jwks_available_again", level=logging.WARNING
        )
        self._last_error: str | None = None

    def keys(self) -> KeySet:
        """The keys of the last fetch; if they are older than `max_age_s`, a fetch starts in the background."""
        if self._fetched_at is not None and self._is_past(self._fetched_at, self._max_age_s):
            self._start_fetch()
        return self._keys

    async def refreshed_keys(self) -> KeySet:
        """The keys after a fetch, or those of the last one if that began less than `MIN_INTERVAL_S` ago.

        Raises:
            Unavailable: `jwks_unavailable`, no fetch has succeeded yet.
        """
        await asyncio.wait([self._start_fetch()])
        if self._fetched_at is None:
            raise keys_unavailable(
                self._last_error or "The key set has not been fetched yet.", retry_after_s=MIN_INTERVAL_S
            )
        return self._keys

    async def close(self) -> None:
        """Cancel the fetch, if one is running; calls that wait for it raise Unavailable if there are no keys."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    def _start_fetch(self) -> asyncio.Task[None]:
        """A new fetch; or the previous one, while it runs and until `MIN_INTERVAL_S` has passed since it began."""
        if self._fetching is None or (self._fetching.done() and self._is_past(self._fetch_began_at, MIN_INTERVAL_S)):
            self._fetch_began_at = self._clock.now()
            self._fetching = asyncio.create_task(self._renew(), name="jwks")
        return self._fetching

    def _is_past(self, moment: datetime, delay_s: float) -> bool:
        """Whether the delay has passed since the moment; true also if the clock was set back to before the moment."""
        return not timedelta(0) <= self._clock.now() - moment < timedelta(seconds=delay_s)

    async def _renew(self) -> None:
        try:
            keys = await self._fetch()
        except Unavailable as error:
            self._last_error = error.detail
            self._outage.failed(detail=error.detail, has_keys=self._fetched_at is not None)
        else:
            self._store(keys)

    def _store(self, keys: KeySet) -> None:
        self._outage.succeeded()
        if _names(keys) != _names(self._keys):
            _logger.info("jwks_changed", keys=len(keys.keys), passed_over=keys.skipped)
        self._fetched_at = self._clock.now()
        self._keys = keys


def _names(keys: KeySet) -> set[tuple[str, str | None]]:
    return {(key.algorithm, key.kid) for key in keys.keys}
