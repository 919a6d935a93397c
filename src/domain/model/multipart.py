"""How a large upload is cut into parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MIB = 1024 * 1024
MIN_PART_BYTES = 5 * MIB  # S3 and R2: every part but the last has at least 5 MiB.
MAX_PART_BYTES = 5 * 1024 * MIB
MAX_OBJECT_BYTES = 5 * 1024 * 1024 * MIB
MAX_PART_COUNT = 10_000
DEFAULT_PART_BYTES = 16 * MIB
TARGET_PART_COUNT = 9000  # S3 and R2 allow 10,000; the rest is room.


@dataclass(frozen=True, slots=True)
class MultipartUpload:
    """A multipart upload as the bucket knows it (`upload_id`), and the size of every part but the last."""

    upload_id: str
    part_bytes: int


@dataclass(frozen=True, slots=True)
class PartPlan:
    """Equal parts but the last: R2 takes no others."""

    size_bytes: int
    part_bytes: int

    def __post_init__(self) -> None:
        """Refuse what no bucket takes."""
        if not 0 < self.size_bytes <= MAX_OBJECT_BYTES:
            raise ValueError("An object of several parts has 1 byte to 5 TiB.")
        if not MIN_PART_BYTES <= self.part_bytes <= MAX_PART_BYTES:
            raise ValueError("A part has 5 MiB to 5 GiB.")

    @property
    def count(self) -> int:
        """How many parts there are, numbered from 1."""
        return -(-self.size_bytes // self.part_bytes)

    @property
    def numbers(self) -> Iterator[int]:
        """Every part's number, in order."""
        return iter(range(1, self.count + 1))

    def has(self, number: int) -> bool:
        """Whether there is a part of this number."""
        return 1 <= number <= self.count

    def start_of(self, number: int) -> int:
        """Where in the file the part begins."""
        if not self.has(number):
            raise ValueError(f"There is no part {number}: they are 1 to {self.count}.")
        return (number - 1) * self.part_bytes

    def size_of(self, number: int) -> int:
        """How many bytes the part has; only the last may have fewer than the others."""
        return min(self.part_bytes, self.size_bytes - self.start_of(number))

    def missing(self, sizes: Mapping[int, int]) -> list[int]:
        """The numbers of the parts that are not among these, in order; `sizes` has bytes by number."""
        return [number for number in self.numbers if number not in sizes]

    def misfits(self, sizes: Mapping[int, int]) -> list[int]:
        """The numbers of those that are no part of the plan, or of another size than it has them."""
        return sorted(number for number in sizes if not self.has(number) or sizes[number] != self.size_of(number))


def part_plan(size_bytes: int, *, part_bytes: int = DEFAULT_PART_BYTES) -> PartPlan:
    """The plan for a file: the wanted part size, or a larger one in whole MiB where 9,000 parts would not do."""
    needed = -(-size_bytes // TARGET_PART_COUNT)
    return PartPlan(size_bytes, max(part_bytes, -(-needed // MIB) * MIB))
