"""`telecine watch`: prints the events of one video or of all videos of the user."""

import sys
from collections.abc import Generator
from contextlib import closing, contextmanager

import click

from entrypoints.cli.client_errors import client_errors
from entrypoints.cli.events.lines import json_line, text_lines
from entrypoints.cli.uploader.interruption import interruptible, message_on_interrupt
from telecine_client.client import Client
from telecine_client.events.updates import Update
from telecine_client.events.watch import watch
from telecine_client.retry_policy import RetryPolicy

EXIT_FAILED = 3
EXIT_DELETED = 4


def watch_video(video_id: str, *, url: str, token: str, until_done: bool, as_json: bool) -> int:
    """Print the events of a video until it is deleted, or with `until_done` terminal; returns the exit status.

    Raises:
        TelecineError: the server rejected a request, or never responded.
    """
    with _connected(url, token) as client:
        exit_status = 0
        with closing(watch(client, video_id, until_terminal=until_done)) as updates:
            for update in updates:
                _print(update, as_json=as_json)
                exit_status = _exit_status(update, exit_status)
        return exit_status


def watch_all(*, url: str, token: str, as_json: bool) -> None:
    """Print the events of all videos of the user, until the command is interrupted.

    Raises:
        TelecineError: the server rejected a request, or never responded.
    """
    with _connected(url, token) as client, closing(watch(client)) as updates:
        for update in updates:
            _print(update, as_json=as_json)


@contextmanager
def _connected(url: str, token: str) -> Generator[Client]:
    """A client that waits for a server that is away, because watching has no end of its own."""
    policy = RetryPolicy(max_attempts=sys.maxsize)
    with (
        interruptible(),
        message_on_interrupt("Interrupted."),
        client_errors(),
        Client(url, token, retry_policy=policy) as client,
    ):
        yield client


def _print(update: Update, *, as_json: bool) -> None:
    for line in [json_line(update)] if as_json else text_lines(update):
        click.echo(line)


def _exit_status(update: Update, previous: int) -> int:
    """The exit status if this update is the last one; `progress` and the like do not change it."""
    if update.event == "video.deleted":
        return EXIT_DELETED
    status = update.data.get("status")
    return previous if status is None else EXIT_FAILED if status == "failed" else 0
