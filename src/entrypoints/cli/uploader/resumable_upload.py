"""An upload of `telecine upload`: one that this machine remembers is resumed."""

from collections.abc import Callable
from dataclasses import dataclass

import click

from entrypoints.cli.uploader.resume_state import ResumeState
from telecine_client.errors import ClientError
from telecine_client.uploads.remote_upload import RemoteUpload
from telecine_client.uploads.session import UploadSession, is_resumable_after
from telecine_client.uploads.transfer import OnSent


@dataclass(frozen=True, slots=True)
class ResumableUpload:
    """The upload of one file in one run of the command.

    `video_id` names the upload to resume; without it, the remembered one is resumed, unless `is_new`.
    """

    session: UploadSession
    resume_state: ResumeState
    video_id: str | None = None
    is_new: bool = False

    def start(self) -> RemoteUpload:
        """Resume the named upload, or the remembered one, or start a new one.

        The upload is remembered on disk before the first byte is sent.

        Raises:
            UploadClosed: the named upload accepts no more data.
            InvalidArgument: `other_file`: the named upload is of a file of another size.
            ClientError: the server rejected a request, or did not respond.
        """
        upload = self._begun()
        if upload is None:
            upload = self.session.begin()
        else:
            received, size_bytes = upload.received_bytes, self.session.source.size_bytes
            counts = f"{received / 1e6:.1f} of {size_bytes / 1e6:.1f} MB uploaded."
            click.echo(f"Resuming video {upload.video_id}: {counts}", err=True)
        self.resume_state.save(upload.video_id)
        return upload

    def finish(self, upload: RemoteUpload, *, on_sent: OnSent, on_resumed: Callable[[int], object]) -> None:
        """Send what is missing and report the upload complete; an upload that cannot be resumed is forgotten.

        Raises:
            FileChanged: the file changed in the meantime; the upload is cancelled.
            ClientError: the server rejected a request, or stayed unavailable for too long.
        """
        try:
            self.session.finish(upload, on_sent=on_sent, on_resumed=on_resumed)
        except ClientError as error:
            if not is_resumable_after(error):
                self.resume_state.delete()
            raise
        self.resume_state.delete()

    def _begun(self) -> RemoteUpload | None:
        """The upload that goes on, or None for a new one."""
        if self.video_id is not None:
            return self.session.resume(self.video_id)
        stored = None if self.is_new else self.resume_state.load()
        if stored is None:
            return None
        if not stored.matches(self.session.source):
            click.echo("The file has changed since its upload began; starting a new upload.", err=True)
            return None
        return self.session.resume_if_possible(stored.video_id)
