"""Sends the parts of a file, several at a time."""

import time
from collections import deque
from collections.abc import Iterable
from itertools import islice
from queue import SimpleQueue
from threading import Lock, Thread

from domain.model.errors import TelecineError
from domain.model.multipart import PartPlan
from entrypoints.cli.open_upload import OpenUpload
from entrypoints.cli.part_urls import PartUrls
from entrypoints.cli.transfer import Carrier


def send_parts(carrier: Carrier, upload: OpenUpload, plan: PartPlan, *, parallel: int) -> None:
    """Send the parts that are missing.

    Raises:
        FileChanged: the file became shorter.
        TelecineError: server or bucket don't take a part, or are away for too long.
    """
    urls = PartUrls(carrier.client, upload.video_id)
    if upload.first_urls is not None:
        urls.keep(upload.first_urls, asked_at=time.monotonic())
    _Lanes(carrier, urls, plan, upload.missing).run(min(parallel, len(upload.missing)))


class _Over(Exception):
    """Another lane has failed for good."""


class _Lanes:
    """Threads that take the next part, each, until none is left or one of them has failed for good.

    Nobody waits for those that still send then: nothing comes of it, and the process may end.
    """

    def __init__(self, carrier: Carrier, urls: PartUrls, plan: PartPlan, missing: Iterable[int]) -> None:
        self._carrier = carrier
        self._urls = urls
        self._plan = plan
        self._waiting = deque(missing)
        self._lock = Lock()
        self._sent_parts = 0
        self._is_over = False
        self._outcomes: SimpleQueue[BaseException | None] = SimpleQueue()

    def run(self, count: int) -> None:
        """Send all parts in so many lanes."""
        for number in range(count):
            Thread(target=self._lane, args=(count,), name=f"lane-{number}", daemon=True).start()
        try:
            for _ in range(count):
                if (error := self._outcomes.get()) is not None:
                    raise error
        finally:
            self._is_over = True

    def _lane(self, count: int) -> None:
        try:
            while (turn := self._next(count)) is not None:
                self._send(*turn)
        except BaseException as error:  # noqa: BLE001 (whoever waits for the lanes raises it)
            self._outcomes.put(error)
        else:
            self._outcomes.put(None)

    def _next(self, count: int) -> tuple[int, list[int]] | None:
        """The part whose turn it is, and those that are begun next."""
        with self._lock:
            if not self._waiting:
                return None
            return self._waiting.popleft(), list(islice(self._waiting, count - 1))

    def _send(self, number: int, coming: list[int]) -> None:
        """Send one part; its failures are counted anew whenever another has come through meanwhile."""
        failures, sent_parts = 0, self._sent_parts
        while (error := self._attempt(number, coming)) is not None:
            failures = failures + 1 if sent_parts == self._sent_parts else 1
            sent_parts, coming = self._sent_parts, []
            self._carrier.wait(error, failures)
        with self._lock:
            self._sent_parts += 1

    def _attempt(self, number: int, coming: list[int]) -> TelecineError | None:
        """What hindered it; None: the part is there."""
        self._check()
        part, start = self._urls.take(number, coming), self._plan.start_of(number)
        try:
            self._carrier.put(part["url"], part["headers"], start, self._plan.size_of(number), check=self._check)
        except TelecineError as error:
            return error
        return None

    def _check(self) -> None:
        if self._is_over:
            raise _Over
