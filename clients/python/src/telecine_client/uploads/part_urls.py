"""Presigned URLs of parts, each used for one attempt."""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from telecine_client.client import Client

_EXPIRY_MARGIN = 0.1  # A URL is not used in the last tenth of its lifetime, because it could expire during the PUT.


class PartUrls:
    """Requests URLs only for parts that are about to be sent, so that they do not expire in a slow upload."""

    def __init__(self, client: Client, video_id: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._video_id = video_id
        self._clock = clock
        self._stored: dict[int, tuple[float, dict[str, Any]]] = {}
        self._lock = Lock()

    def store(self, response: dict[str, Any], *, requested_at: float) -> None:
        """Store the URLs of a response for later use."""
        fresh_until = requested_at + response["expires_in"] * (1 - _EXPIRY_MARGIN)
        self._stored.update({part["part_number"]: (fresh_until, part) for part in response["parts"]})

    def pop(self, number: int, following: Sequence[int] = ()) -> dict[str, Any]:
        """The URL and headers of this part; if they must be requested, so are those of the following parts."""
        with self._lock:
            fresh_until, part = self._stored.pop(number, (0.0, {}))
            if part and self._clock() < fresh_until:
                return part
            requested_at = self._clock()
            self.store(self._client.sign_parts(self._video_id, [number, *following]), requested_at=requested_at)
            return self._stored.pop(number)[1]
