"""Multipart uploads in memory, beside a bucket in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import quote

from adapters.fakes.object_store import InMemoryObjectStore
from domain.model.errors import NotFound, Rejected
from domain.model.object_key import ObjectKey
from domain.ports.clock import Clock
from domain.ports.multipart_store import MultipartStore, UnfinishedUpload, UploadedPart
from domain.ports.object_store import ObjectInfo, PresignedUpload


@dataclass(slots=True)
class InMemoryUpload:
    """An unfinished upload with the bytes of its parts."""

    key: ObjectKey
    initiated_at: datetime
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])


@dataclass(frozen=True, slots=True)
class PartGrant:
    """What a presigned URL of a part allows."""

    upload_id: str
    number: int
    size_bytes: int
    expires_at: datetime


class InMemoryMultipartStore(MultipartStore):
    """Joins parts into the objects of a store; takes them of any one size, so that tests can be small."""

    def __init__(self, store: InMemoryObjectStore, clock: Clock, *, base_url: str = "http://bucket.test") -> None:
        self.uploads: dict[str, InMemoryUpload] = {}
        self._store = store
        self._clock = clock
        self._base_url = base_url
        self._grants: dict[str, PartGrant] = {}
        self._numbers = count(1)
        self._joined: dict[str, tuple[ObjectKey, Sequence[UploadedPart]]] = {}

    def receive_part(self, url: str, body: bytes) -> None:
        """Take what a client PUTs to a presigned URL.

        Raises:
            Rejected: `invalid_signature` (another URL or length than was signed) or `url_expired`.
            NotFound: `upload_not_found`.
        """
        grant = self._grants.get(url)
        if grant is None or grant.size_bytes != len(body):
            raise Rejected("The URL was not signed for this request.", code="invalid_signature")
        if self._clock.now() >= grant.expires_at:
            raise Rejected("The URL has expired.", code="url_expired")
        self._by_id(grant.upload_id).parts[grant.number] = body

    async def create(self, key: ObjectKey, *, content_type: str) -> str:
        upload_id = f"upload-{next(self._numbers)}"
        self.uploads[upload_id] = InMemoryUpload(key, self._clock.now())
        return upload_id

    def presign_part(
        self, key: ObjectKey, upload_id: str, part_number: int, *, size_bytes: int, expires_in_s: int
    ) -> PresignedUpload:
        url = f"{self._base_url}/bucket/{quote(key)}?partNumber={part_number}&signature={next(self._numbers)}-fake"
        expires_at = self._clock.now() + timedelta(seconds=expires_in_s)
        self._grants[url] = PartGrant(upload_id, part_number, size_bytes, expires_at)
        return PresignedUpload(url, {})

    async def list_parts(self, key: ObjectKey, upload_id: str) -> list[UploadedPart]:
        parts = self._by_id(upload_id, key).parts
        return [_uploaded(number, parts[number]) for number in sorted(parts)]

    async def complete(self, key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> ObjectInfo:
        if self._joined.get(upload_id) == (key, list(parts)) and key in self._store.objects:
            return self._store.info(key)
        upload = self._by_id(upload_id, key)
        numbers = [part.number for part in parts]
        known = [_uploaded(number, upload.parts[number]) for number in sorted(upload.parts) if number in numbers]
        if not parts or known != list(parts) or not _are_joinable(parts):
            raise Rejected("The bucket does not have these parts, or can't join them.", code="invalid_parts")
        self._store.objects[key] = b"".join(upload.parts[number] for number in numbers)
        self._joined[upload_id] = (key, list(parts))
        del self.uploads[upload_id]
        return self._store.info(key)

    async def abort(self, key: ObjectKey, upload_id: str) -> None:
        self.uploads.pop(upload_id, None)

    async def list_uploads(self, prefix: str) -> list[UnfinishedUpload]:
        found = [UnfinishedUpload(each.key, upload_id, each.initiated_at) for upload_id, each in self.uploads.items()]
        return sorted((each for each in found if each.key.startswith(prefix)), key=lambda each: each.key)

    def _by_id(self, upload_id: str, key: ObjectKey | None = None) -> InMemoryUpload:
        upload = self.uploads.get(upload_id)
        if upload is None or key not in {None, upload.key}:
            raise NotFound("The bucket knows no such upload.", code="upload_not_found")
        return upload


def _uploaded(number: int, content: bytes) -> UploadedPart:
    return UploadedPart(number, f'"{hashlib.sha256(content).hexdigest()}"', len(content))


def _are_joinable(parts: Sequence[UploadedPart]) -> bool:
    """R2's rule: parts of one size, the last aside, which may be smaller."""
    sizes = [part.size_bytes for part in parts]
    return len(set(sizes[:-1])) <= 1 and sizes[-1] <= sizes[0]
