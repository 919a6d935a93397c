"""When a failed delivery is attempted again, and when an endpoint that fails."""

import hashlib

# Seconds to wait after the first failed attempt, the second, and so on; then the delivery has failed.
DELAYS_S = (5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
# The pause of an endpoint whose attempts have all failed in one turn, or as many in a row as run at once.
PAUSE_S = 30.0
MAX_ATTEMPTS = len(DELAYS_S) + 1
JITTER = 0.1
RETRY_AFTER_CAP_S = 86_400.0

_RETRY_AFTER_STATUSES = frozenset({429, 503})


def retry_delay_s(
    delivery_id: str, attempt: int, *, status: int | None = None, retry_after_s: float | None = None
) -> float | None:
    """Seconds until the attempt after this failed one; None if it was the last.

    Up to 10 % is added, which depends on the delivery, so that deliveries that failed together do not return together.
    A receiver that answers 429 or 503 with `Retry-After` is obeyed if that is later, up to a day.
    """
    if attempt >= MAX_ATTEMPTS:
        return None
    digest = hashlib.sha256(f"{delivery_id} {attempt}".encode()).digest()
    delay_s = DELAYS_S[attempt - 1] * (1.0 + JITTER * digest[0] / 255.0)
    if retry_after_s is None or status not in _RETRY_AFTER_STATUSES:
        return delay_s
    return max(delay_s, min(retry_after_s, RETRY_AFTER_CAP_S))
