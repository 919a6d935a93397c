"""Uploads a file in one call."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from telecine_client.client import Client
from telecine_client.uploads.options import AUTOMATIC, UploadOptions
from telecine_client.uploads.session import UploadSession
from telecine_client.uploads.source_file import SourceFile


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a file has been sent."""

    video_id: str
    sent_bytes: int
    total_bytes: int

    @property
    def ratio(self) -> float:
        """The share that has been sent, from 0 to 1."""
        return self.sent_bytes / self.total_bytes


OnProgress = Callable[[Progress], object]
"""Called one call at a time, from the thread that sends: once before the first byte, then after each chunk."""


def upload(
    client: Client,
    file: Path | str,
    *,
    resume: str | None = None,
    options: UploadOptions = AUTOMATIC,
    on_progress: OnProgress | None = None,
) -> str:
    """Upload the file, and return the id of its video, which the server then processes.

    Large files are sent in parts, several at once, and transient errors are retried. If it fails or is interrupted,
    call it again with the video's id as `resume`: only what the server does not have is sent.

    Raises:
        FileChanged: the file was modified in the meantime; the upload is cancelled.
        UploadClosed: the upload to resume accepts no more data.
        InvalidArgument: `other_file`: the upload to resume is of a file of another size.
        ClientError: the server rejected a request, or stayed unavailable for too long.
        OSError: the file cannot be read.
    """
    session = UploadSession(client, SourceFile.open_at(Path(file)), options)
    remote = session.begin() if resume is None else session.resume(resume)
    counter = _Counter(remote.video_id, session.source.size_bytes, on_progress)
    counter.restart(remote.received_bytes)
    session.finish(remote, on_sent=counter.add, on_resumed=counter.restart)
    return remote.video_id


class _Counter:
    """Adds up what the threads have sent, and reports it."""

    def __init__(self, video_id: str, total_bytes: int, on_progress: OnProgress | None) -> None:
        self._video_id = video_id
        self._total_bytes = total_bytes
        self._on_progress = on_progress
        self._sent_bytes = 0
        self._lock = Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self._report(self._sent_bytes + count)

    def restart(self, sent_bytes: int) -> None:
        with self._lock:
            self._report(sent_bytes)

    def _report(self, sent_bytes: int) -> None:
        self._sent_bytes = sent_bytes
        if self._on_progress is not None:
            self._on_progress(Progress(self._video_id, sent_bytes, self._total_bytes))
