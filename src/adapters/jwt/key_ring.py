"""The provider's keys as they are known: kept while it is away, fetched again when they are old."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from adapters.aio.outage_log import OutageLog
from adapters.jwt.key_set import KeySet, keys_unavailable
from domain.model.errors import Unavailable
from domain.ports.clock import Clock

MIN_INTERVAL_S = 10.0

_logger = structlog.get_logger("telecine.jwks")

Fetch = Callable[[], Awaitable[KeySet]]
"""Asks the provider; raises Unavailable, and nothing else, when it has no keys for us."""


class KeyRing:
    """One fetch at a time, whoever waits for it, and one every ten seconds: anybody can name keys that nobody has."""

    def __init__(self, fetch: Fetch, clock: Clock, *, max_age_s: float) -> None:
        self._fetch = fetch
        self._clock = clock
        self._max_age_s = max_age_s
        self._keys = KeySet()
        self._fetched_at: datetime | None = None
        self._asked_at = clock.now()
        self._fetching: asyncio.Task[None] | None = None
        self._outage = OutageLog(_logger, began="jwks_unavailable", ended="jwks_available_again", level=logging.WARNING)
        self._last_error: str | None = None

    def keys(self) -> KeySet:
        """The keys that are known; nobody waits while those that have grown old are fetched again."""
        if self._fetched_at is not None and self._is_past(self._fetched_at, self._max_age_s):
            self._begin_fetch()
        return self._keys

    async def newer_keys(self) -> KeySet:
        """The keys after asking the provider, if it may be asked already.

        Raises:
            Unavailable: `jwks_unavailable`, it has never given any.
        """
        await asyncio.wait([self._begin_fetch()])
        if self._fetched_at is None:
            raise keys_unavailable(self._last_error or "The keys are not fetched yet.", retry_after_s=MIN_INTERVAL_S)
        return self._keys

    async def close(self) -> None:
        """Give up the fetch that may be running."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    def _begin_fetch(self) -> asyncio.Task[None]:
        """A new fetch, or the one before while it runs, or while it is too early for another."""
        if self._fetching is None or (self._fetching.done() and self._is_past(self._asked_at, MIN_INTERVAL_S)):
            self._asked_at = self._clock.now()
            self._fetching = asyncio.create_task(self._renew(), name="jwks")
        return self._fetching

    def _is_past(self, moment: datetime, delay_s: float) -> bool:
        """Whether so much time has passed; a moment that lies ahead was told by a clock that has been set back."""
        return not timedelta(0) <= self._clock.now() - moment < timedelta(seconds=delay_s)

    async def _renew(self) -> None:
        try:
            keys = await self._fetch()
        except Unavailable as error:
            self._last_error = error.detail
            self._outage.failed(detail=error.detail, has_keys=self._fetched_at is not None)
        else:
            self._take(keys)

    def _take(self, keys: KeySet) -> None:
        self._outage.succeeded()
        if _names(keys) != _names(self._keys):
            _logger.info("jwks_changed", keys=len(keys.keys), passed_over=keys.passed_over)
        self._fetched_at = self._clock.now()
        self._keys = keys


def _names(keys: KeySet) -> set[tuple[str, str | None]]:
    return {(key.algorithm, key.kid) for key in keys.keys}
