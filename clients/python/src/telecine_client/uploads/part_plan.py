"""Which bytes of a file belong to which part."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartPlan:
    """Parts of equal size, as the server has chosen it; only the last may be smaller."""

    size_bytes: int
    part_bytes: int

    @property
    def count(self) -> int:
        """The number of parts; they are numbered from 1."""
        return -(-self.size_bytes // self.part_bytes)

    def start_of(self, number: int) -> int:
        """The part's offset in the file, in bytes."""
        return (number - 1) * self.part_bytes

    def size_of(self, number: int) -> int:
        """The part's size in bytes."""
        return min(self.part_bytes, self.size_bytes - self.start_of(number))
