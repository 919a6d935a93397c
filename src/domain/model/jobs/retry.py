"""When a failed job runs again."""

from domain.model.errors import TelecineError, Unavailable

BACKOFF_BASE_S = 5.0
BACKOFF_CAP_S = 3600.0
RETRY_AFTER_CAP_S = 3600.0


def backoff_s(attempt: int) -> float:
    """Seconds to wait after this failed attempt: 5, doubled with each attempt, at most an hour."""
    return min(BACKOFF_BASE_S * 2.0 ** min(attempt - 1, 30), BACKOFF_CAP_S)


def retry_delay_s(error: Exception, attempt: int) -> float | None:
    """Seconds to wait before the next attempt after this error; None if a retry would fail the same way.

    A Telecine error is retried only if it is a retryable `Unavailable`. Any other exception is unexpected and may be
    transient, so it is retried too. A server's `retry_after_s` is used if it is longer than our back-off, up to an
    hour.
    """
    if isinstance(error, TelecineError) and not (isinstance(error, Unavailable) and error.retryable):
        return None
    requested_s = error.retry_after_s if isinstance(error, Unavailable) and error.retry_after_s else 0.0
    return min(max(backoff_s(attempt), requested_s), RETRY_AFTER_CAP_S)
