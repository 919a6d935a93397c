"""Sends a file's bytes to the bucket, with retries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telecine_client.client import Client
from telecine_client.errors import ClientError
from telecine_client.retry_policy import RetryPolicy, is_retryable
from telecine_client.uploads.remote_upload import RemoteUpload
from telecine_client.uploads.source_file import SourceFile

OnSent = Callable[[int], object]
"""Receives the number of bytes sent; negative when an attempt failed and its bytes no longer count."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Sends bytes of one file, one attempt at a time, and waits between attempts."""

    client: Client
    source: SourceFile
    on_sent: OnSent
    retry_policy: RetryPolicy

    def put(
        self,
        url: str,
        headers: dict[str, str],
        start: int,
        size_bytes: int,
        *,
        check: Callable[[], object] | None = None,
    ) -> None:
        """Send these bytes once; `check` is called after each chunk, and may raise to stop.

        Raises:
            ClientError: the attempt failed, but the bytes may have arrived.
        """
        sent_bytes = 0

        def count_sent(count: int) -> None:
            nonlocal sent_bytes
            sent_bytes += count
            self.on_sent(count)
            if check is not None:
                check()

        try:
            self.client.put_bytes(url, headers, self.source.chunks(start, size_bytes, count_sent), size_bytes)
        except BaseException:
            self.on_sent(-sent_bytes)
            raise

    def wait(self, error: ClientError, failures: int) -> None:
        """Wait before the next attempt.

        Raises:
            ClientError: this error, if no attempt is to follow.
        """
        if not is_retryable(error):
            raise error
        self.retry_policy.wait(error, failures)


def send_file(transfer: Transfer, upload: RemoteUpload) -> None:
    """Send the file in one PUT; each retry starts at the beginning, with a fresh URL.

    Raises:
        FileChanged: the file became shorter.
        ClientError: the server or the bucket rejects it, or stays unavailable for too long.
    """
    size_bytes, failures = transfer.source.size_bytes, 0
    has_arrived = upload.received_bytes == size_bytes
    signed: dict[str, Any] = upload.first_urls or {}
    while not has_arrived:
        signed = signed or transfer.client.renew(upload.video_id)
        try:
            transfer.put(signed["upload_url"], signed["headers"], 0, size_bytes)
        except ClientError as error:
            failures += 1
            transfer.wait(error, failures)
            signed = {}
            # The file may have arrived although its response was lost.
            has_arrived = transfer.client.upload_progress(upload.video_id)["received_bytes"] == size_bytes
        else:
            return
