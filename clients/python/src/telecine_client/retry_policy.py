"""Which errors a client retries, after which pauses, and how often."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from telecine_client.errors import ClientError, ConnectionFailed, ErrorResponse

T = TypeVar("T")

MAX_ATTEMPTS = 8
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
LONGEST_RETRY_AFTER_S = 300.0  # For a longer `Retry-After`, the command ends with the error.

_MAX_DOUBLINGS = 10

_TRANSIENT_STATUSES = frozenset({408, 429, 502, 503, 504})
_RETRYABLE_STATUSES = _TRANSIENT_STATUSES | {403, 404, 409, 500}
_RETRYABLE_CODES = frozenset({"RequestTimeout", "IncompleteBody", "incomplete_body"})
_QUOTA_CODES = frozenset({"too_many_videos_in_flight", "daily_upload_quota_exceeded"})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Retries after pauses that double up to a limit, with random jitter; waits at least `Retry-After`."""

    max_attempts: int = MAX_ATTEMPTS
    sleep: Callable[[float], object] = time.sleep
    random: Callable[[], float] = random.random

    def call(self, function: Callable[[], T]) -> T:
        """Call the function, again after each transient error, and return its result.

        Raises:
            ClientError: an error that is not transient, or the error of the last attempt.
        """
        failures = 0
        while True:
            try:
                return function()
            except ClientError as error:
                if not is_transient(error):
                    raise
                failures += 1
                self.wait(error, failures)

    def wait(self, error: ClientError, failures: int) -> None:
        """Wait before the next attempt; `failures` is the number of consecutive failures.

        Raises:
            ClientError: this error, after too many failures, or if `Retry-After` is too long.
        """
        retry_after_s = error.retry_after_s if isinstance(error, ErrorResponse) else None
        if failures >= self.max_attempts or (retry_after_s or 0) > LONGEST_RETRY_AFTER_S:
            raise error
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures - 1, _MAX_DOUBLINGS))
        self.sleep(max(pause_s * (1 + self.random()) / 2, retry_after_s or 0))


UNTIL_RECOVERY = RetryPolicy()
"""Waits about a minute and a half in all for a server that is away."""
NO_RETRIES = RetryPolicy(max_attempts=1)


def is_transient(error: ClientError) -> bool:
    """Whether the same call may succeed later."""
    if isinstance(error, ErrorResponse):
        return error.status in _TRANSIENT_STATUSES and error.code not in _QUOTA_CODES
    return isinstance(error, ConnectionFailed) and error.retryable


def is_retryable(error: ClientError) -> bool:
    """Whether a PUT may succeed later with a fresh URL: the old one may have expired, or its upload may be gone."""
    if isinstance(error, ErrorResponse):
        return error.status in _RETRYABLE_STATUSES or error.code in _RETRYABLE_CODES
    return is_transient(error)
