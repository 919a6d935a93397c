"""Multipart uploads of a bucket in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import quote, urlencode

from adapters.fakes.object_store import InMemoryObjectStore, fake_signature
from domain.model.errors import NotFound, Rejected, Unavailable
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MAX_PART_COUNT
from domain.ports.bucket_gateway import SignedRequest
from domain.ports.clock import Clock
from domain.ports.multipart_store import MultipartStore, UnfinishedUpload, UploadedPart
from domain.ports.object_store import ObjectInfo, PresignedUpload


@dataclass(slots=True)
class InMemoryUpload:
    """An unfinished upload with the bytes of its parts."""

    key: ObjectKey
    part_bytes: int
    initiated_at: datetime
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])


@dataclass(frozen=True, slots=True)
class PartGrant:
    """What a presigned URL of a part allows."""

    key: ObjectKey
    upload_id: str
    number: int
    size_bytes: int
    expires_at: datetime

    @property
    def query(self) -> dict[str, str]:
        """The query parameters of its URL."""
        signature = fake_signature("PUT part", self)
        return {"partNumber": str(self.number), "uploadId": self.upload_id, "signature": signature}

    def fits(self, request: SignedRequest) -> bool:
        """Whether the request is the one that was signed, with any media type."""
        sent = (request.method, request.key, request.query, request.content_length)
        return sent == ("PUT", self.key, self.query, self.size_bytes)


class InMemoryMultipartStore(MultipartStore):
    """Joins parts into objects of the store; any part size is allowed, so that tests can use small ones."""

    def __init__(self, store: InMemoryObjectStore, clock: Clock, *, base_url: str = "http://bucket.test") -> None:
        self.uploads: dict[str, InMemoryUpload] = {}
        self._store = store
        self._clock = clock
        self._base_url = base_url
        self._grants: dict[str, PartGrant] = {}
        self._numbers = count(1)
        self._joined: dict[str, tuple[ObjectKey, Sequence[UploadedPart]]] = {}
        self._planned_errors: dict[str, list[Unavailable]] = {}

    def fail_next(self, method: str, *, times: int = 1, error: Unavailable | None = None) -> None:
        """Make the next calls of an async method of the port fail without any effect."""
        planned = error or Unavailable("The bucket did not answer.")
        self._planned_errors.setdefault(method, []).extend([planned] * times)

    def admit(self, request: SignedRequest) -> PartGrant:
        """Check that the request was signed as the PUT of a part of an unfinished upload, and return its grant.

        Raises:
            Rejected: `invalid_signature`, `url_expired` or `invalid_parts`.
            NotFound: `upload_not_found`.
        """
        grant = self._grants.get(request.query.get("signature", ""))
        if grant is None or not grant.fits(request):
            raise Rejected("The URL was not signed for this request.", code="invalid_signature")
        if self._clock.now() >= grant.expires_at:
            raise Rejected("The URL has expired.", code="url_expired")
        self._check_part(grant.key, grant.upload_id, grant.number, grant.size_bytes)
        return grant

    def put_part(self, grant: PartGrant, content: bytes) -> UploadedPart:
        """Store a part that was sent to a URL; the upload may have ended since it was admitted.

        Raises:
            NotFound: `upload_not_found`.
        """
        self._by_id(grant.upload_id, grant.key).parts[grant.number] = content
        return _uploaded(grant.number, content)

    async def create(self, key: ObjectKey, *, content_type: str, part_bytes: int) -> str:
        self._raise_planned_error("create")
        upload_id = f"upload-{next(self._numbers)}"
        self.uploads[upload_id] = InMemoryUpload(key, part_bytes, self._clock.now())
        return upload_id

    def presign_part(
        self,
        key: ObjectKey,
        upload_id: str,
        part_number: int,
        *,
        size_bytes: int,
        expires_in_s: int,
        signed_at: datetime,
    ) -> PresignedUpload:
        grant = PartGrant(key, upload_id, part_number, size_bytes, signed_at + timedelta(seconds=expires_in_s))
        self._grants[grant.query["signature"]] = grant
        return PresignedUpload(f"{self._base_url}/bucket/{quote(key)}?{urlencode(grant.query)}", {})

    async def upload_part(self, key: ObjectKey, upload_id: str, number: int, data: bytes | memoryview) -> UploadedPart:
        self._raise_planned_error("upload_part")
        self._check_part(key, upload_id, number, len(data))
        self.uploads[upload_id].parts[number] = bytes(data)  # A copy, because the caller may reuse the memory.
        return _uploaded(number, bytes(data))

    async def list_parts(self, key: ObjectKey, upload_id: str) -> list[UploadedPart]:
        self._raise_planned_error("list_parts")
        parts = self._by_id(upload_id, key).parts
        return [_uploaded(number, parts[number]) for number in sorted(parts)]

    async def complete(self, key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> ObjectInfo:
        self._raise_planned_error("complete")
        if self._joined.get(upload_id) == (key, list(parts)) and key in self._store.objects:
            return self._store.info(key)
        upload = self._by_id(upload_id, key)
        numbers = [part.number for part in parts]
        known = [_uploaded(number, upload.parts[number]) for number in sorted(upload.parts) if number in numbers]
        if not parts or known != list(parts) or not _are_joinable(parts, upload.part_bytes):
            raise Rejected("The bucket does not have these parts, or can't join them.", code="invalid_parts")
        self._store.objects[key] = b"".join(upload.parts[number] for number in numbers)
        self._joined[upload_id] = (key, list(parts))
        del self.uploads[upload_id]
        return self._store.info(key)

    async def abort(self, key: ObjectKey, upload_id: str) -> None:
        self._raise_planned_error("abort")
        if upload_id in self.uploads and self.uploads[upload_id].key == key:
            del self.uploads[upload_id]

    async def list_uploads(self, prefix: str) -> list[UnfinishedUpload]:
        self._raise_planned_error("list_uploads")
        found = [UnfinishedUpload(each.key, upload_id, each.initiated_at) for upload_id, each in self.uploads.items()]
        return sorted((each for each in found if each.key.startswith(prefix)), key=lambda each: each.key)

    def _check_part(self, key: ObjectKey, upload_id: str, number: int, size_bytes: int) -> None:
        if not 1 <= number <= MAX_PART_COUNT or size_bytes > self._by_id(upload_id, key).part_bytes:
            raise Rejected("No part of this upload has this number or size.", code="invalid_parts")

    def _by_id(self, upload_id: str, key: ObjectKey) -> InMemoryUpload:
        upload = self.uploads.get(upload_id)
        if upload is None or upload.key != key:
            raise NotFound("The bucket has no such upload.", code="upload_not_found")
        return upload

    def _raise_planned_error(self, method: str) -> None:
        if errors := self._planned_errors.get(method):
            raise errors.pop()


def _uploaded(number: int, content: bytes) -> UploadedPart:
    return UploadedPart(number, f'"{hashlib.sha256(content).hexdigest()}"', len(content))


def _are_joinable(parts: Sequence[UploadedPart], part_bytes: int) -> bool:
    """The rules of R2 and the folder: parts 1 to n of the agreed size; only the last may be smaller."""
    is_gapless = [part.number for part in parts] == list(range(1, len(parts) + 1))
    return (
        is_gapless and all(part.size_bytes == part_bytes for part in parts[:-1]) and parts[-1].size_bytes <= part_bytes
    )
