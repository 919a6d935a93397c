"""`telecine upload`: a client of the API that resumes interrupted uploads and shows progress."""

from collections.abc import Generator
from contextlib import closing, contextmanager
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

from domain.model.errors import TelecineError
from entrypoints.cli.api_client.client import Client
from entrypoints.cli.api_client.retry_policy import RetryPolicy
from entrypoints.cli.uploader.interruption import interruptible, message_on_interrupt
from entrypoints.cli.uploader.options import AUTOMATIC, UploadOptions
from entrypoints.cli.uploader.progress_view import follow
from entrypoints.cli.uploader.resume_state import ResumeState
from entrypoints.cli.uploader.session import UploadSession
from entrypoints.cli.uploader.source_file import SourceFile

_COLUMNS = (
    TextColumn("{task.description:<10}"),
    BarColumn(),
    DownloadColumn(),
    TransferSpeedColumn(),
    TimeRemainingColumn(),
)


def upload_and_follow(file: Path, *, url: str, token: str, options: UploadOptions = AUTOMATIC) -> dict[str, Any]:
    """Upload the file, follow the video until its status is final, and print the transcript; returns the video.

    Raises:
        TelecineError: the server rejected a request, or did not respond.
        ClickException: the video failed.
    """
    console = Console(stderr=True)
    with _connected(url, token) as client:
        video_id = _uploaded(client, ResumeState(url, token, SourceFile.open_at(file)), options, console)
        with message_on_interrupt(f"Interrupted. The server continues to process video {video_id}."):
            return follow(client, video_id, console)


def upload_only(file: Path, *, url: str, token: str, options: UploadOptions = AUTOMATIC) -> None:
    """Upload the file, and print the id of its video.

    Raises:
        TelecineError: the server rejected a request, or did not respond.
    """
    with _connected(url, token) as client:
        state = ResumeState(url, token, SourceFile.open_at(file))
        click.echo(_uploaded(client, state, options, Console(stderr=True)))


@contextmanager
def _connected(url: str, token: str) -> Generator[Client]:
    with interruptible(), closing(Client(url, token, retry_policy=RetryPolicy())) as client:
        yield client


def _uploaded(client: Client, state: ResumeState, options: UploadOptions, console: Console) -> str:
    """Upload the file, and return the id of its video."""
    command = "the same command without --no-resume" if options.is_new else "the same command again"
    hint = f"Run {command} to resume the upload."
    with message_on_interrupt(f"Interrupted. {hint}"), state.locked():
        try:
            video_id = _run(UploadSession(client, state, options, RetryPolicy()), console)
        except TelecineError:
            if state.load() is not None:
                click.echo(hint, err=True)
            raise
    click.echo(f"Uploaded as video {video_id}", err=True)
    return video_id


def _run(session: UploadSession, console: Console) -> str:
    """Upload with a progress bar, if standard error is a terminal."""
    upload = session.start()
    with Progress(*_COLUMNS, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("upload", total=session.source.size_bytes, completed=upload.received_bytes)
        session.finish(
            upload,
            on_sent=lambda count: progress.update(bar, advance=count),
            on_resumed=lambda count: progress.update(bar, completed=count),
        )
    return upload.video_id
