"""Which parts of a file are in use, at a resolution that needs little memory for a file of any size."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_CELLS = 65_536
MIN_CELL_BYTES = 512

# A cell that is not marked is 0.
OTHER = 1
USED = 2


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a file in which nothing is marked as used; `has_other` says whether something else lies in it.

    What was marked may end up to `cell_bytes` before the start of the run.
    """

    start: int
    end: int
    cell_bytes: int
    has_other: bool

    @property
    def size_bytes(self) -> int:
        """The length of the run."""
        return self.end - self.start


class ByteMap:
    """Marks ranges of a file; a cell is marked if any of its bytes is."""

    def __init__(self, size_bytes: int) -> None:
        self._size_bytes = size_bytes
        self._cell_bytes = max(MIN_CELL_BYTES, -(-size_bytes // MAX_CELLS))
        self._cells = bytearray(-(-size_bytes // self._cell_bytes))

    def mark(self, start: int, end: int, value: int = USED) -> None:
        """Mark a range; a higher value replaces a lower one."""
        end = min(end, self._size_bytes)
        if end <= start:
            return
        first, behind = start // self._cell_bytes, (end - 1) // self._cell_bytes + 1
        if value == USED:
            self._cells[first:behind] = bytes([USED]) * (behind - first)
            return
        for cell in range(first, behind):
            self._cells[cell] = max(self._cells[cell], value)

    def runs(self) -> Iterator[Run]:
        """The parts that are not used, in order."""
        cells, at = self._cells, 0
        while at < len(cells):
            if cells[at] == USED:
                at += 1
                continue
            end = cells.find(USED, at)
            end = len(cells) if end < 0 else end
            limit = min(end * self._cell_bytes, self._size_bytes)
            yield Run(at * self._cell_bytes, limit, self._cell_bytes, has_other=OTHER in cells[at:end])
            at = end
