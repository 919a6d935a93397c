"""Reads a program's pipes line by line and keeps only a few KiB in memory."""

import asyncio
from collections.abc import Callable, Iterator

OnLine = Callable[[str], None]
# True means that the line is data, and says nothing about an error.
OnErrorLine = Callable[[str], bool | None]

MAX_LINE_BYTES = 4096
ERROR_TAIL_CHARACTERS = 4096
PIPE_BYTES = 64 * 1024


async def pump(stream: asyncio.StreamReader | None, on_line: OnLine | None) -> None:
    """Read a pipe to its end, even without a callback: a full pipe would block the program."""
    if stream is None:
        return
    lines = _Lines()
    while chunk := await stream.read(PIPE_BYTES):
        for line in lines.completed_by(chunk):
            if on_line is not None:
                on_line(line)
    if lines.rest and on_line is not None:
        on_line(lines.rest.decode(errors="replace"))


class _Lines:
    """Splits a stream of bytes into lines, and truncates each to 4 KiB."""

    def __init__(self) -> None:
        self.rest = b""

    def completed_by(self, chunk: bytes) -> Iterator[str]:
        *complete, rest = (self.rest + chunk).split(b"\n")
        self.rest = rest[:MAX_LINE_BYTES]
        for line in complete:
            yield line[:MAX_LINE_BYTES].decode(errors="replace")


class Tail:
    """Passes each line on, and keeps the last 4,096 characters for error reports, without lines that are data."""

    def __init__(self, on_line: OnErrorLine | None) -> None:
        self.text = ""
        self._on_line = on_line

    def __call__(self, line: str) -> None:
        if self._on_line is not None and self._on_line(line):
            return
        self.text = f"{self.text}{line}\n"[-ERROR_TAIL_CHARACTERS:]
