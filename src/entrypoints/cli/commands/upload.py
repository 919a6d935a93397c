"""`telecine upload`: a client of the API that resumes interrupted uploads and shows progress."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from entrypoints.cli.client_errors import client_errors
from entrypoints.cli.uploader.interruption import interruptible, message_on_interrupt
from entrypoints.cli.uploader.progress_view import follow
from entrypoints.cli.uploader.resumable_upload import ResumableUpload
from entrypoints.cli.uploader.resume_state import ResumeState
from telecine_client.client import Client
from telecine_client.errors import ClientError
from telecine_client.uploads.options import UploadOptions
from telecine_client.uploads.session import UploadSession
from telecine_client.uploads.source_file import SourceFile

_COLUMNS = (
    TextColumn("{task.description:<10}"),
    BarColumn(),
    DownloadColumn(),
    TransferSpeedColumn(),
    TimeRemainingColumn(),
)


@dataclass(frozen=True, slots=True)
class UploadChoice:
    """What the command line says: how to upload, and which upload to resume.

    `video_id` names the upload to resume; without it, the one that this machine remembers is resumed, unless `is_new`.
    """

    options: UploadOptions = field(default_factory=UploadOptions)
    video_id: str | None = None
    is_new: bool = False


AUTOMATIC = UploadChoice()


def upload_and_follow(file: Path, *, url: str, token: str, choice: UploadChoice = AUTOMATIC) -> dict[str, Any]:
    """Upload the file, follow the video until its status is final, and print the transcript; returns the video.

    Raises:
        TelecineError: the server rejected a request, or did not respond.
        ClickException: the video failed.
    """
    console = Console(stderr=True)
    with _connected(url, token) as client:
        video_id = _uploaded(client, ResumeState(url, token, SourceFile.open_at(file)), choice, console)
        with message_on_interrupt(f"Interrupted. The server continues to process video {video_id}."):
            return follow(client, video_id, console)


def upload_only(file: Path, *, url: str, token: str, choice: UploadChoice = AUTOMATIC) -> None:
    """Upload the file, and print the id of its video.

    Raises:
        TelecineError: the server rejected a request, or did not respond.
    """
    with _connected(url, token) as client:
        state = ResumeState(url, token, SourceFile.open_at(file))
        click.echo(_uploaded(client, state, choice, Console(stderr=True)))


@contextmanager
def _connected(url: str, token: str) -> Generator[Client]:
    with interruptible(), client_errors(), Client(url, token) as client:
        yield client


def _uploaded(client: Client, state: ResumeState, choice: UploadChoice, console: Console) -> str:
    """Upload the file, and return the id of its video."""
    command = "the same command without --no-resume" if choice.is_new else "the same command again"
    hint = f"Run {command} to resume the upload."
    with message_on_interrupt(f"Interrupted. {hint}"), state.locked():
        try:
            session = UploadSession(client, state.source, choice.options)
            video_id = _run(ResumableUpload(session, state, choice.video_id, choice.is_new), console)
        except ClientError:
            if state.load() is not None:
                click.echo(hint, err=True)
            raise
    click.echo(f"Uploaded as video {video_id}", err=True)
    return video_id


def _run(upload: ResumableUpload, console: Console) -> str:
    """Upload with a progress bar, if standard error is a terminal."""
    remote = upload.start()
    with Progress(*_COLUMNS, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("upload", total=upload.session.source.size_bytes, completed=remote.received_bytes)
        upload.finish(
            remote,
            on_sent=lambda count: progress.update(bar, advance=count),
            on_resumed=lambda count: progress.update(bar, completed=count),
        )
    return remote.video_id
