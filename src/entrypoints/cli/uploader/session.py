"""One upload: starts or resumes it, and sends the file until the server has accepted it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import click

from domain.model.errors import Conflict, Rejected, TelecineError
from entrypoints.cli.api_client.client import Client
from entrypoints.cli.api_client.errors import ErrorResponse
from entrypoints.cli.api_client.retry_policy import RetryPolicy
from entrypoints.cli.uploader.options import UploadOptions
from entrypoints.cli.uploader.part_threads import send_parts
from entrypoints.cli.uploader.remote_upload import RemoteUpload, is_closed_incomplete
from entrypoints.cli.uploader.resume_state import ResumeState
from entrypoints.cli.uploader.source_file import FileChanged, SourceFile
from entrypoints.cli.uploader.transfer import OnSent, Transfer, send_file

MAX_ROUNDS = 3
"""Maximum number of attempts to send what the server reports missing."""

_INCOMPLETE = frozenset({"upload_missing", "upload_incomplete", "part_size_mismatch", "upload_size_mismatch"})
_ALREADY_COMPLETED = "upload_completed"
_NOT_A_VIDEO = "not_a_video"
_UNRESUMABLE = frozenset({"upload_closed", "video_not_found", _NOT_A_VIDEO})


@dataclass(frozen=True, slots=True)
class UploadSession:
    """The upload of one file in one run of the command."""

    client: Client
    resume_state: ResumeState
    options: UploadOptions
    retry_policy: RetryPolicy

    @property
    def source(self) -> SourceFile:
        """The file to upload."""
        return self.resume_state.source

    def start(self) -> RemoteUpload:
        """Resume the upload that the options name, or the remembered one, or start a new one.

        The upload is remembered on disk before the first byte is sent.

        Raises:
            Conflict: `upload_closed`: the named upload accepts no more data.
            Rejected: `other_file`: the named upload is of a file of another size.
            TelecineError: the server rejected a request, or did not respond.
        """
        upload = self._named() or self._stored() or self._new()
        self.resume_state.save(upload.video_id)
        return upload

    def finish(self, upload: RemoteUpload, *, on_sent: OnSent, on_resumed: Callable[[int], object]) -> None:
        """Send what is missing and report the upload complete; an upload that cannot be resumed is forgotten.

        Raises:
            FileChanged: the file changed in the meantime; the upload is cancelled.
            TelecineError: the server rejected a request, or stayed unavailable for too long.
        """
        transfer = Transfer(self.client, self.source, on_sent, self.retry_policy)
        try:
            self._complete(transfer, upload, on_resumed)
        except TelecineError as error:
            self._give_up(upload.video_id, error)
            raise
        self.resume_state.delete()

    def _named(self) -> RemoteUpload | None:
        if self.options.video_id is None:
            return None
        progress = self.client.upload_progress(self.options.video_id)
        if progress["file_size"] != self.source.size_bytes:
            raise Rejected(
                f"{self.source.path} has {self.source.size_bytes} bytes, but the upload has {progress['file_size']}: "
                "it belongs to another file.",
                code="other_file",
            )
        if is_closed_incomplete(progress):
            raise Conflict(
                "This upload was abandoned or cancelled, or has expired; start a new one.", code="upload_closed"
            )
        return _resumed(progress)

    def _stored(self) -> RemoteUpload | None:
        stored = None if self.options.is_new else self.resume_state.load()
        if stored is None:
            return None
        if not stored.matches(self.source):
            click.echo("The file has changed since its upload began; starting a new upload.", err=True)
            return None
        try:
            progress = self.client.upload_progress(stored.video_id)
        except ErrorResponse as error:
            if error.code not in _UNRESUMABLE:
                raise
            return None
        is_resumable = progress["file_size"] == self.source.size_bytes and not is_closed_incomplete(progress)
        return _resumed(progress) if is_resumable else None

    def _new(self) -> RemoteUpload:
        size_bytes = self.source.size_bytes
        grant = self.client.request_upload(
            self.source.name,
            size_bytes,
            self.options.content_type,
            self.options.strategy,
            original=self.options.original,
            keep_days=self.options.keep_days,
        )
        return RemoteUpload.granted(grant, size_bytes)

    def _complete(self, transfer: Transfer, upload: RemoteUpload, on_resumed: Callable[[int], object]) -> None:
        for is_last in (False,) * (MAX_ROUNDS - 1) + (True,):
            self._send(transfer, upload)
            self.source.require_unchanged()
            try:
                self.client.complete(upload.video_id)
            except ErrorResponse as error:
                if is_last or error.code not in _INCOMPLETE:
                    raise
            else:
                return
            upload = RemoteUpload.resumed(self.client.upload_progress(upload.video_id))
            on_resumed(upload.received_bytes)

    def _send(self, transfer: Transfer, upload: RemoteUpload) -> None:
        try:
            if upload.plan is None:
                send_file(transfer, upload)
            else:
                send_parts(transfer, upload, upload.plan, parallel=self.options.parallel)
        except ErrorResponse as error:
            if error.code != _ALREADY_COMPLETED:
                raise

    def _give_up(self, video_id: str, error: TelecineError) -> None:
        if isinstance(error, FileChanged) or error.code == _NOT_A_VIDEO:
            with suppress(TelecineError):
                self.client.cancel(video_id)
            self.resume_state.delete()
        elif error.code in _UNRESUMABLE:
            self.resume_state.delete()


def _resumed(progress: dict[str, Any]) -> RemoteUpload:
    video_id, received, size_bytes = progress["video_id"], progress["received_bytes"], progress["file_size"]
    click.echo(f"Resuming video {video_id}: {received / 1e6:.1f} of {size_bytes / 1e6:.1f} MB uploaded.", err=True)
    return RemoteUpload.resumed(progress)
