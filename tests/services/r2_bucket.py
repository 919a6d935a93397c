"""The storage of the R2 double, with the rules that only R2 has."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from time import monotonic

MIN_PART_BYTES = 5 * 1024 * 1024


class Refusal(Exception):
    """An error response of the bucket."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Stored:
    """The bytes of an object or a part."""

    content: bytes
    etag: str
    content_type: str = "application/octet-stream"
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Upload:
    """A multipart upload that is not finished."""

    key: str
    content_type: str
    initiated_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    parts: dict[int, Stored] = field(default_factory=dict[int, Stored])


@dataclass
class Bucket:
    """Objects and unfinished uploads; each key accepts one write per interval."""

    write_interval_s: float
    objects: dict[str, Stored] = field(default_factory=dict[str, Stored])
    uploads: dict[str, Upload] = field(default_factory=dict[str, Upload])
    written_at: dict[str, float] = field(default_factory=dict[str, float])
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def put(self, key: str, content: bytes, content_type: str) -> Stored:
        """Store an object in a single PUT."""
        self._limit_writes(key)
        self.objects[key] = Stored(content, f'"{_md5(content).hex()}"', content_type)
        return self.objects[key]

    def get(self, key: str) -> Stored:
        """Return the object under the key."""
        if key not in self.objects:
            raise Refusal(404, "NoSuchKey")
        return self.objects[key]

    def begin(self, key: str, content_type: str) -> str:
        """Start a multipart upload; return its id."""
        upload_id = f"upload-{next(self.numbers)}/+="
        self.uploads[upload_id] = Upload(key, content_type)
        return upload_id

    def upload(self, key: str, upload_id: str) -> Upload:
        """Return an unfinished upload."""
        found = self.uploads.get(upload_id)
        if found is None or found.key != key:
            raise Refusal(404, "NoSuchUpload")
        return found

    def put_part(self, key: str, upload_id: str, number: int, content: bytes) -> Stored:
        """Store a part; a part of the same number is replaced."""
        if not 1 <= number <= 10_000:
            raise Refusal(400, "InvalidArgument")
        part = Stored(content, f'"{_md5(content).hex()}"')
        self.upload(key, upload_id).parts[number] = part
        return part

    def complete(self, key: str, upload_id: str, listed: Sequence[tuple[int, str]]) -> Stored:
        """Join the parts; all but the last must have the same size, and the last must not be larger."""
        upload = self.upload(key, upload_id)
        numbers = [number for number, _ in listed]
        if numbers != sorted(set(numbers)):
            raise Refusal(400, "InvalidPartOrder")
        parts = [upload.parts.get(number) for number in numbers]
        known = [part for part, (_, etag) in zip(parts, listed, strict=True) if part is not None and part.etag == etag]
        if len(known) != len(listed) or not known:
            raise Refusal(400, "InvalidPart")
        _check_sizes([len(part.content) for part in known])
        self._limit_writes(key)
        joined = hashlib.md5(b"".join(_md5(part.content) for part in known), usedforsecurity=False).hexdigest()
        content = b"".join(part.content for part in known)
        self.objects[key] = Stored(content, f'"{joined}-{len(known)}"', upload.content_type)
        del self.uploads[upload_id]
        return self.objects[key]

    def _limit_writes(self, key: str) -> None:
        now = monotonic()
        if now - self.written_at.get(key, float("-inf")) < self.write_interval_s:
            raise Refusal(429, "TooManyRequests")
        self.written_at[key] = now


def _check_sizes(sizes: Sequence[int]) -> None:
    if any(size < MIN_PART_BYTES for size in sizes[:-1]):
        raise Refusal(400, "EntityTooSmall")
    if len(set(sizes[:-1])) > 1 or sizes[-1] > sizes[0]:
        raise Refusal(400, "InvalidPart")


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()
