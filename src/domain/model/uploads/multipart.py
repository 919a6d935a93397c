"""Part plans of multipart uploads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

MIB = 1024 * 1024
MIN_PART_BYTES = 5 * MIB  # S3 and R2: every part but the last has at least 5 MiB.
MAX_PART_BYTES = 5 * 1024 * MIB
MAX_OBJECT_BYTES = 5 * 1024 * 1024 * MIB
MAX_PART_COUNT = 10_000
DEFAULT_PART_BYTES = 16 * MIB
TARGET_PART_COUNT = 9000  # S3 and R2 allow 10,000; the rest is a margin.


@dataclass(frozen=True, slots=True)
class MultipartUpload:
    """The bucket's id of a multipart upload, and the size of every part except the last."""

    upload_id: str
    part_bytes: int


@dataclass(frozen=True, slots=True)
class PartPlan:
    """Parts of equal size, as R2 requires; only the last may be smaller."""

    size_bytes: int
    part_bytes: int

    def __post_init__(self) -> None:
        """Refuse sizes that no bucket accepts."""
        if not 0 < self.size_bytes <= MAX_OBJECT_BYTES:
            raise ValueError("The size of a multipart object must be from 1 byte to 5 TiB.")
        _check_part_bytes(self.part_bytes)

    @property
    def count(self) -> int:
        """The number of parts; they are numbered from 1."""
        return -(-self.size_bytes // self.part_bytes)

    @property
    def numbers(self) -> Iterator[int]:
        """The numbers of all parts, in order."""
        return iter(range(1, self.count + 1))

    def has(self, number: int) -> bool:
        """Whether the plan has a part with this number."""
        return 1 <= number <= self.count

    def start_of(self, number: int) -> int:
        """The part's offset in the file, in bytes."""
        if not self.has(number):
            raise ValueError(f"There is no part {number}; parts are numbered 1 to {self.count}.")
        return (number - 1) * self.part_bytes

    def size_of(self, number: int) -> int:
        """The part's size in bytes; only the last may be smaller than the others."""
        return min(self.part_bytes, self.size_bytes - self.start_of(number))

    def missing(self, sizes: Mapping[int, int]) -> list[int]:
        """The numbers of the parts that are not in `sizes` (bytes by number), in order."""
        return [number for number in self.numbers if number not in sizes]

    def wrong_sizes(self, sizes: Mapping[int, int]) -> list[int]:
        """The numbers in `sizes` that are not in the plan, or whose size differs from it."""
        return sorted(number for number in sizes if not self.has(number) or sizes[number] != self.size_of(number))


@dataclass(frozen=True, slots=True)
class GrowingPlan:
    """Parts of a file whose size is unknown until it is complete: equal sizes, as R2 requires, and a last one of any.

    The last part is the one with the highest number that the bucket has when the upload is completed.
    """

    part_bytes: int
    count: ClassVar[None] = None

    def __post_init__(self) -> None:
        """Refuse sizes that no bucket accepts."""
        _check_part_bytes(self.part_bytes)

    def has(self, number: int) -> bool:
        """Whether a part may have this number."""
        return 1 <= number <= MAX_PART_COUNT

    def size_of(self, number: int) -> int:
        """The part's size in bytes, unless it is the last."""
        if not self.has(number):
            raise ValueError(f"There is no part {number}; parts are numbered 1 to {MAX_PART_COUNT}.")
        return self.part_bytes

    def size_through(self, number: int, *, last_bytes: int | None = None) -> int:
        """The size of a file whose last part has this number; that part is full unless `last_bytes` is given."""
        return (number - 1) * self.part_bytes + (self.part_bytes if last_bytes is None else last_bytes)

    def missing(self, sizes: Mapping[int, int]) -> list[int]:
        """The numbers up to the highest in `sizes` that are not in it, in order; without any part, the first."""
        return [number for number in range(1, max(sizes, default=1) + 1) if number not in sizes]

    def wrong_sizes(self, sizes: Mapping[int, int]) -> list[int]:
        """The numbers in `sizes` of parts that are not full, except a last one that is neither empty nor too large."""
        last = max(sizes, default=0)
        return sorted(
            number
            for number, size_bytes in sizes.items()
            if size_bytes != self.part_bytes and not (number == last and 0 < size_bytes < self.part_bytes)
        )


def _check_part_bytes(part_bytes: int) -> None:
    if not MIN_PART_BYTES <= part_bytes <= MAX_PART_BYTES:
        raise ValueError("The size of a part must be from 5 MiB to 5 GiB.")


def part_plan(size_bytes: int, *, part_bytes: int = DEFAULT_PART_BYTES) -> PartPlan:
    """The plan for a file: with this part size, or with a larger one in whole MiB if 9,000 parts are too few."""
    needed = -(-size_bytes // TARGET_PART_COUNT)
    return PartPlan(size_bytes, max(part_bytes, -(-needed // MIB) * MIB))
