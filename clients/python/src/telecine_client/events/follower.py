"""Follows a stream, connects again when it breaks, and polls where that does not help."""

import random
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass

from telecine_client.errors import ClientError, ErrorResponse, MalformedStream, StreamUnsupported
from telecine_client.event_stream import EventSource
from telecine_client.events.polling import Poller
from telecine_client.events.updates import Update, update_of
from telecine_client.retry_policy import LONGEST_PAUSE_S, LONGEST_RETRY_AFTER_S, is_transient

MAX_FAILURES = 4
"""Number of connections in a row without an event after which the client polls."""
POLLING_S = 60.0
"""Time after which a client that polls tries the stream again, if the server has streams."""

_LAST_REASONS = frozenset({"terminal", "deleted"})


@dataclass(frozen=True, slots=True)
class Follower:
    """Yields the updates of a stream; `poller` replaces it while it does not work."""

    source: EventSource
    poller: Poller
    sleep: Callable[[float], object] = time.sleep
    random: Callable[[], float] = random.random

    def updates(self) -> Generator[Update]:
        """Every update, until the stream or the poller says that nothing follows.

        Raises:
            ClientError: the server rejects the requests, or stays unavailable while the client polls.
        """
        is_supported = True
        while not (self.source.is_over or self.poller.is_over):
            if is_supported:
                is_supported = yield from self._stream()
            if not self.source.is_over:
                yield from self._poll(POLLING_S if is_supported else None)

    def _stream(self) -> Generator[Update, None, bool]:
        """Stream until it is over or does not work; return whether it is worth another try later."""
        failures = 0
        while failures < MAX_FAILURES:
            failures += 1
            wish_s = 0.0
            try:
                with closing(self.source.connect()) as events:
                    for event in events:
                        update = update_of(event)
                        failures = 1
                        self.source.is_over = update.event == "end" and update.data.get("reason") in _LAST_REASONS
                        yield update
            except StreamUnsupported:
                return False
            except ClientError as error:
                if not (is_transient(error) or isinstance(error, MalformedStream)):
                    raise
                wish_s = _retry_after_s(error)
            if self.source.is_over:
                break
            self._pause(failures, wish_s)
        return True

    def _pause(self, failures: int, wish_s: float) -> None:
        """Wait with random jitter, so that the clients of a restarted server do not all return at once."""
        pause_s = min(LONGEST_PAUSE_S, self.source.retry_s * 2 ** (failures - 1))
        self.sleep(max(pause_s * (1 + self.random()) / 2, min(wish_s, LONGEST_RETRY_AFTER_S)))

    def _poll(self, duration_s: float | None) -> Generator[Update]:
        """Poll until it is over, or until the pauses between polls amount to the duration."""
        waited_s = 0.0
        while duration_s is None or waited_s < duration_s:
            updates, pause_s = self.poller.poll()
            yield from updates
            if self.poller.is_over:
                return
            self.sleep(min(pause_s, LONGEST_RETRY_AFTER_S))
            waited_s += pause_s


def _retry_after_s(error: ClientError) -> float:
    return (error.retry_after_s or 0.0) if isinstance(error, ErrorResponse) else 0.0
