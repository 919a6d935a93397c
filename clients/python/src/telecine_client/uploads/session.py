"""One upload: starts or resumes it, and sends the file until the server has accepted it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from telecine_client.client import Client
from telecine_client.errors import ClientError, ErrorResponse, FileChanged, InvalidArgument, UploadClosed
from telecine_client.retry_policy import UNTIL_RECOVERY, RetryPolicy
from telecine_client.uploads.options import AUTOMATIC, UploadOptions
from telecine_client.uploads.part_threads import send_parts
from telecine_client.uploads.remote_upload import RemoteUpload, is_closed_incomplete
from telecine_client.uploads.source_file import SourceFile
from telecine_client.uploads.transfer import OnSent, Transfer, send_file

MAX_ROUNDS = 3
"""Maximum number of attempts to send what the server reports missing."""

_INCOMPLETE = frozenset({"upload_missing", "upload_incomplete", "part_size_mismatch", "upload_size_mismatch"})
_ALREADY_COMPLETED = "upload_completed"
_NOT_A_VIDEO = "not_a_video"
_UNRESUMABLE = frozenset({"upload_closed", "video_not_found", "file_changed", _NOT_A_VIDEO})


def is_resumable_after(error: ClientError) -> bool:
    """Whether the upload can be resumed after this error of `UploadSession.finish`."""
    return error.code not in _UNRESUMABLE


@dataclass(frozen=True, slots=True)
class UploadSession:
    """The upload of one file in one run of a program; `retry_policy` is that of the PUTs to the bucket."""

    client: Client
    source: SourceFile
    options: UploadOptions = AUTOMATIC
    retry_policy: RetryPolicy = UNTIL_RECOVERY

    def begin(self) -> RemoteUpload:
        """Start a new upload; nothing is sent yet.

        Raises:
            ClientError: the server rejected the request, or did not respond.
        """
        options, size_bytes = self.options, self.source.size_bytes
        grant = self.client.request_upload(
            self.source.name,
            size_bytes,
            options.content_type,
            options.strategy,
            original=options.original,
            keep_days=options.keep_days,
            language=options.language,
            keywords=options.keywords,
            title=options.title,
            external_id=options.external_id,
            metadata=options.metadata,
        )
        return RemoteUpload.granted(grant, size_bytes)

    def resume(self, video_id: str) -> RemoteUpload:
        """Continue an upload that has begun; the server says what is missing.

        Raises:
            UploadClosed: it accepts no more data.
            InvalidArgument: `other_file`: it is of a file of another size.
            ClientError: the server rejected the request, or did not respond.
        """
        progress = self.client.upload_progress(video_id)
        if progress["file_size"] != self.source.size_bytes:
            raise InvalidArgument(
                f"{self.source.path} has {self.source.size_bytes} bytes, but the upload has {progress['file_size']}: "
                "it belongs to another file.",
                code="other_file",
            )
        if is_closed_incomplete(progress):
            raise UploadClosed("This upload was abandoned or cancelled, or has expired; start a new one.")
        return RemoteUpload.resumed(progress)

    def resume_if_possible(self, video_id: str) -> RemoteUpload | None:
        """Continue an upload as `resume` does; None if the server has closed it, or if it is of another file.

        Raises:
            ClientError: the server rejected the request for another reason, or did not respond.
        """
        try:
            return self.resume(video_id)
        except (InvalidArgument, UploadClosed):
            return None
        except ErrorResponse as error:
            if is_resumable_after(error):
                raise
            return None

    def finish(self, upload: RemoteUpload, *, on_sent: OnSent, on_resumed: Callable[[int], object]) -> None:
        """Send what is missing and report the upload complete.

        `on_sent` gets the bytes of each step. `on_resumed` gets the bytes that have arrived, when the server is asked
        for them again.

        Raises:
            FileChanged: the file changed in the meantime; the upload is cancelled.
            ClientError: the server rejected a request, or stayed unavailable for too long.
        """
        transfer = Transfer(self.client, self.source, on_sent, self.retry_policy)
        try:
            self._complete(transfer, upload, on_resumed)
        except ClientError as error:
            if isinstance(error, FileChanged) or error.code == _NOT_A_VIDEO:
                with suppress(ClientError):
                    self.client.cancel(upload.video_id)
            raise

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
