"""Ctrl-C and SIGTERM for a command that loses nothing when it ends: they end it where it is."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

import click

_NUMBERS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """The command was told to end, by this signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def interruptible() -> Generator[None]:
    """Raise in the main thread what comes first; the second signal ends the process at once."""
    previous = {number: signal.signal(number, _interrupt) for number in _NUMBERS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def saying(line: str) -> Generator[None]:
    """When the command is interrupted inside the block, say this, and exit as a shell expects it."""
    try:
        yield
    except Interrupted as interrupted:
        click.echo(line, err=True)
        raise SystemExit(128 + interrupted.number) from None


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for each in _NUMBERS:
        signal.signal(each, signal.SIG_DFL)
    raise Interrupted(number)
