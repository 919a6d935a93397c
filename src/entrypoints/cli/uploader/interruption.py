"""Ctrl-C and SIGTERM for a command that may be interrupted at any point without loss."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

import click

_NUMBERS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """The command received this signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def interruptible() -> Generator[None]:
    """Raise `Interrupted` in the main thread on the first signal; the second one ends the process at once."""
    previous = {number: signal.signal(number, _interrupt) for number in _NUMBERS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def message_on_interrupt(line: str) -> Generator[None]:
    """If the command is interrupted inside the block, print this line and exit with status 128 + signal."""
    try:
        yield
    except Interrupted as interrupted:
        click.echo(line, err=True)
        raise SystemExit(128 + interrupted.number) from None


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for each in _NUMBERS:
        signal.signal(each, signal.SIG_DFL)
    raise Interrupted(number)
