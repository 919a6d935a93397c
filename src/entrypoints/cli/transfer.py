"""Carries a file's bytes to the bucket, however often that takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.model.errors import TelecineError
from entrypoints.cli.client import Client
from entrypoints.cli.open_upload import OpenUpload
from entrypoints.cli.patience import Patience, is_curable
from entrypoints.cli.source_file import SourceFile

OnSent = Callable[[int], object]
"""Is told how many bytes were sent; fewer than none when an attempt came to nothing."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Makes attempts to carry bytes of one file, and waits between them."""

    client: Client
    source: SourceFile
    on_sent: OnSent
    patience: Patience

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
            TelecineError: they have not arrived, as far as can be told.
        """
        sent_bytes = 0

        def note(count: int) -> None:
            nonlocal sent_bytes
            sent_bytes += count
            self.on_sent(count)
            if check is not None:
                check()

        try:
            self.client.put_bytes(url, headers, self.source.chunks(start, size_bytes, note), size_bytes)
        except BaseException:
            self.on_sent(-sent_bytes)
            raise

    def wait(self, error: TelecineError, failures: int) -> None:
        """Wait before the next attempt.

        Raises:
            TelecineError: this one, when there is to be none.
        """
        if not is_curable(error):
            raise error
        self.patience.wait(error, failures)


def send_whole(carrier: Carrier, upload: OpenUpload) -> None:
    """Send the file in one PUT, from its beginning each time, each time to a fresh URL.

    Raises:
        FileChanged: it became shorter.
        TelecineError: server or bucket don't take it, or are away for too long.
    """
    size_bytes, failures = carrier.source.size_bytes, 0
    has_arrived = upload.received_bytes == size_bytes
    signed: dict[str, Any] = upload.first_urls or {}
    while not has_arrived:
        signed = signed or carrier.client.renew(upload.video_id)
        try:
            carrier.put(signed["upload_url"], signed["headers"], 0, size_bytes)
        except TelecineError as error:
            failures += 1
            carrier.wait(error, failures)
            signed = {}
            # Perhaps only the answer was lost.
            has_arrived = carrier.client.received(upload.video_id)["received_bytes"] == size_bytes
        else:
            return
