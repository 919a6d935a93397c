"""One upload from its beginning, or from where an earlier one was, to the moment when the server has taken it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import click

from domain.model.errors import Conflict, Rejected, TelecineError
from entrypoints.cli.answers import Refused
from entrypoints.cli.client import Client
from entrypoints.cli.lanes import send_parts
from entrypoints.cli.open_upload import OpenUpload, is_lost
from entrypoints.cli.patience import Patience
from entrypoints.cli.source_file import FileChanged, SourceFile
from entrypoints.cli.transfer import Carrier, OnSent, send_whole
from entrypoints.cli.upload_memory import UploadMemory
from entrypoints.cli.upload_options import UploadOptions

ROUNDS = 3
"""How often what the server misses after all is sent."""

_MISSES_SOMETHING = frozenset({"upload_missing", "upload_incomplete", "part_size_mismatch", "upload_size_mismatch"})
_TAKEN_MEANWHILE = "upload_completed"
_NOT_A_VIDEO = "not_a_video"
_GONE = frozenset({"upload_closed", "video_not_found", _NOT_A_VIDEO})


@dataclass(frozen=True, slots=True)
class UploadSession:
    """What one run of the command does for one file."""

    client: Client
    memory: UploadMemory
    options: UploadOptions
    patience: Patience

    @property
    def source(self) -> SourceFile:
        """The file."""
        return self.memory.source

    def begin(self) -> OpenUpload:
        """The upload that is named, or remembered, or a new one; it is remembered before a byte is sent.

        Raises:
            Conflict: `upload_closed`: the one that is named takes nothing more.
            Rejected: `other_file`: it is of a file of another size.
            TelecineError: the server said no, or did not answer.
        """
        upload = self._named() or self._remembered() or self._new()
        self.memory.remember(upload.video_id)
        return upload

    def finish(self, upload: OpenUpload, *, on_sent: OnSent, on_seen: Callable[[int], object]) -> None:
        """Send what is missing and report the upload complete; an upload that can't go on is forgotten.

        Raises:
            FileChanged: the file changed meanwhile; the upload is cancelled.
            TelecineError: the server said no, or was away for too long.
        """
        carrier = Carrier(self.client, self.source, on_sent, self.patience)
        try:
            self._complete(carrier, upload, on_seen)
        except TelecineError as error:
            self._give_up(upload.video_id, error)
            raise
        self.memory.forget()

    def _named(self) -> OpenUpload | None:
        if self.options.video_id is None:
            return None
        progress = self.client.received(self.options.video_id)
        if progress["file_size"] != self.source.size_bytes:
            raise Rejected(
                f"{self.source.path} has {self.source.size_bytes} bytes, the upload {progress['file_size']}: "
                "it is of another file.",
                code="other_file",
            )
        if is_lost(progress):
            raise Conflict("This upload was given up, cancelled or has expired; start a new one.", code="upload_closed")
        return _going_on(progress)

    def _remembered(self) -> OpenUpload | None:
        remembered = None if self.options.is_anew else self.memory.recall()
        if remembered is None:
            return None
        if not remembered.is_of(self.source):
            click.echo("The file has changed since its upload began; a new one begins.", err=True)
            return None
        try:
            progress = self.client.received(remembered.video_id)
        except Refused as error:
            if error.code not in _GONE:
                raise
            return None
        is_ours = progress["file_size"] == self.source.size_bytes and not is_lost(progress)
        return _going_on(progress) if is_ours else None

    def _new(self) -> OpenUpload:
        size_bytes = self.source.size_bytes
        grant = self.client.grant(self.source.name, size_bytes, self.options.content_type, self.options.strategy)
        return OpenUpload.granted(grant, size_bytes)

    def _complete(self, carrier: Carrier, upload: OpenUpload, on_seen: Callable[[int], object]) -> None:
        for is_last in (False,) * (ROUNDS - 1) + (True,):
            self._send(carrier, upload)
            self.source.require_unchanged()
            try:
                self.client.complete(upload.video_id)
            except Refused as error:
                if is_last or error.code not in _MISSES_SOMETHING:
                    raise
            else:
                return
            upload = OpenUpload.seen(self.client.received(upload.video_id))
            on_seen(upload.received_bytes)

    def _send(self, carrier: Carrier, upload: OpenUpload) -> None:
        try:
            if upload.plan is None:
                send_whole(carrier, upload)
            else:
                send_parts(carrier, upload, upload.plan, parallel=self.options.parallel)
        except Refused as error:
            if error.code != _TAKEN_MEANWHILE:
                raise

    def _give_up(self, video_id: str, error: TelecineError) -> None:
        if isinstance(error, FileChanged) or error.code == _NOT_A_VIDEO:
            with suppress(TelecineError):
                self.client.cancel(video_id)
            self.memory.forget()
        elif error.code in _GONE:
            self.memory.forget()


def _going_on(progress: dict[str, Any]) -> OpenUpload:
    video_id, there, size_bytes = progress["video_id"], progress["received_bytes"], progress["file_size"]
    click.echo(f"Going on with video {video_id}: {there / 1e6:.1f} of {size_bytes / 1e6:.1f} MB are there.", err=True)
    return OpenUpload.seen(progress)
