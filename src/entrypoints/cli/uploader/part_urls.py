"""Presigned URLs of parts, each used for one attempt."""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from entrypoints.cli.api_client.client import Client

_SPARE = 0.1  # A URL is not used in the last tenth of its lifetime, because it could expire during the PUT.


class PartUrls:
    """Requests URLs only for parts that are about to be sent, so that they do not expire in a slow upload."""

    def __init__(self, client: Client, video_id: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._video_id = video_id
        self._clock = clock
        self._kept: dict[int, tuple[float, dict[str, Any]]] = {}
        self._lock = Lock()

    def keep(self, answer: dict[str, Any], *, asked_at: float) -> None:
        """Store the URLs of a response for later use."""
        fresh_until = asked_at + answer["expires_in"] * (1 - _SPARE)
        self._kept.update({part["part_number"]: (fresh_until, part) for part in answer["parts"]})

    def take(self, number: int, coming: Sequence[int] = ()) -> dict[str, Any]:
        """The URL and headers of this part; if they must be requested, those of the coming parts are requested too."""
        with self._lock:
            fresh_until, part = self._kept.pop(number, (0.0, {}))
            if part and self._clock() < fresh_until:
                return part
            asked_at = self._clock()
            self.keep(self._client.sign_parts(self._video_id, [number, *coming]), asked_at=asked_at)
            return self._kept.pop(number)[1]
