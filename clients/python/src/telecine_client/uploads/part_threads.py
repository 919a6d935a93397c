"""Uploads the parts of a file in parallel threads."""

import time
from collections import deque
from collections.abc import Iterable
from itertools import islice
from queue import SimpleQueue
from threading import Lock, Thread

from telecine_client.errors import ClientError
from telecine_client.uploads.part_plan import PartPlan
from telecine_client.uploads.part_urls import PartUrls
from telecine_client.uploads.remote_upload import RemoteUpload
from telecine_client.uploads.transfer import Transfer


def send_parts(transfer: Transfer, upload: RemoteUpload, plan: PartPlan, *, parallel: int) -> None:
    """Upload the missing parts, `parallel` at a time.

    Raises:
        FileChanged: the file became shorter.
        ClientError: the server or the bucket rejects a part, or stays unavailable for too long.
    """
    urls = PartUrls(transfer.client, upload.video_id)
    if upload.first_urls is not None:
        urls.store(upload.first_urls, requested_at=time.monotonic())
    _PartThreads(transfer, urls, plan, upload.missing).run(min(parallel, len(upload.missing)))


class _Stopped(Exception):
    """Another thread has failed permanently."""


class _PartThreads:
    """Threads that each upload the next part, until none is left or one thread has failed permanently.

    After a failure the other threads are not joined: they stop at their next chunk, and as daemon threads they do not
    keep the process alive.
    """

    def __init__(self, transfer: Transfer, urls: PartUrls, plan: PartPlan, missing: Iterable[int]) -> None:
        self._transfer = transfer
        self._urls = urls
        self._plan = plan
        self._waiting = deque(missing)
        self._lock = Lock()
        self._sent_parts = 0
        self._is_stopped = False
        self._outcomes: SimpleQueue[BaseException | None] = SimpleQueue()

    def run(self, count: int) -> None:
        """Upload all parts in `count` threads."""
        for number in range(count):
            Thread(target=self._upload_parts, args=(count,), name=f"part-upload-{number}", daemon=True).start()
        try:
            for _ in range(count):
                if (error := self._outcomes.get()) is not None:
                    raise error
        finally:
            self._is_stopped = True

    def _upload_parts(self, count: int) -> None:
        try:
            while (part := self._next(count)) is not None:
                self._send(*part)
        except BaseException as error:  # noqa: BLE001 (`run` raises it in the calling thread)
            self._outcomes.put(error)
        else:
            self._outcomes.put(None)

    def _next(self, count: int) -> tuple[int, list[int]] | None:
        """The next part, and those that follow it in the queue."""
        with self._lock:
            if not self._waiting:
                return None
            return self._waiting.popleft(), list(islice(self._waiting, count - 1))

    def _send(self, number: int, following: list[int]) -> None:
        """Upload one part; its failure count restarts whenever another part succeeds in the meantime."""
        failures, sent_parts = 0, self._sent_parts
        while (error := self._attempt(number, following)) is not None:
            failures = failures + 1 if sent_parts == self._sent_parts else 1
            sent_parts, following = self._sent_parts, []
            self._transfer.wait(error, failures)
        with self._lock:
            self._sent_parts += 1

    def _attempt(self, number: int, following: list[int]) -> ClientError | None:
        """The error of this attempt, or None if the part was stored."""
        self._check()
        part, start = self._urls.pop(number, following), self._plan.start_of(number)
        try:
            self._transfer.put(part["url"], part["headers"], start, self._plan.size_of(number), check=self._check)
        except ClientError as error:
            return error
        return None

    def _check(self) -> None:
        if self._is_stopped:
            raise _Stopped
