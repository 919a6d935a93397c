"""Presigned URLs of parts, each for one attempt."""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from entrypoints.cli.client import Client

_SPARE = 0.1  # Of its lifetime: a URL that is about to expire is not begun with.


class PartUrls:
    """Signs late: only what is about to be sent, so that a slow upload is not left with URLs that have expired."""

    def __init__(self, client: Client, video_id: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._video_id = video_id
        self._clock = clock
        self._kept: dict[int, tuple[float, dict[str, Any]]] = {}
        self._lock = Lock()

    def keep(self, answer: dict[str, Any], *, asked_at: float) -> None:
        """Take note of what was signed."""
        fresh_until = asked_at + answer["expires_in"] * (1 - _SPARE)
        self._kept.update({part["part_number"]: (fresh_until, part) for part in answer["parts"]})

    def take(self, number: int, coming: Sequence[int] = ()) -> dict[str, Any]:
        """How to send this part; when it has to be signed, so are those that come next."""
        with self._lock:
            fresh_until, part = self._kept.pop(number, (0.0, {}))
            if part and self._clock() < fresh_until:
                return part
            asked_at = self._clock()
            self.keep(self._client.sign_parts(self._video_id, [number, *coming]), asked_at=asked_at)
            return self._kept.pop(number)[1]
