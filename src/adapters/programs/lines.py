"""Reading a program's pipes line by line, holding on to no more than a few KiB of them."""

import asyncio
from collections.abc import Callable, Iterator

OnLine = Callable[[str], None]

MAX_LINE_BYTES = 4096
ERROR_TAIL_CHARACTERS = 4096
PIPE_BYTES = 64 * 1024


async def pump(stream: asyncio.StreamReader | None, on_line: OnLine | None) -> None:
    """Read a pipe to its end, whether anybody listens or not: a full pipe would stop the program."""
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
    """Cuts a stream of bytes into lines; one that is longer than 4 KiB is cut off there."""

    def __init__(self) -> None:
        self.rest = b""

    def completed_by(self, chunk: bytes) -> Iterator[str]:
        """The lines that end in this chunk."""
        *complete, rest = (self.rest + chunk).split(b"\n")
        self.rest = rest[:MAX_LINE_BYTES]
        for line in complete:
            yield line[:MAX_LINE_BYTES].decode(errors="replace")


class Tail:
    """The last of what a program said, for the reason of its failure; passes each line on."""

    def __init__(self, on_line: OnLine | None) -> None:
        self.text = ""
        self._on_line = on_line

    def __call__(self, line: str) -> None:
        """Take in one more line."""
        self.text = f"{self.text}{line}\n"[-ERROR_TAIL_CHARACTERS:]
        if self._on_line is not None:
            self._on_line(line)
