"""A bucket in memory, with checked URLs and injected faults."""

import asyncio
import hashlib
from collections import UserDict
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from domain.model.errors import ObjectChanged, ObjectNotFound, Rejected, Unavailable
from domain.model.object_key import ObjectKey
from domain.ports.bucket_gateway import SignedRequest
from domain.ports.clock import Clock
from domain.ports.object_store import ObjectInfo, ObjectStore, Peek, PresignedUpload, StoredObject
from domain.ports.progress import OnProgress


@dataclass(frozen=True, slots=True)
class Grant:
    """What a presigned URL allows; the store finds a grant by the signature in its URL."""

    query: Mapping[str, str]
    method: str
    key: str
    content_type: str
    expires_at: datetime
    size_bytes: int | None = None
    disposition: str | None = None
    cache_control: str = "private"

    def fits(self, request: SignedRequest) -> bool:
        """Whether the request is the one that was signed."""
        if self.key != request.key or self.query != request.query:
            return False
        if self.method == "GET":
            return request.method in {"GET", "HEAD"}
        sent = (request.method, request.content_type, request.content_length)
        return sent == ("PUT", self.content_type, self.size_bytes)


class DatedObjects(UserDict[ObjectKey, bytes]):
    """Objects by key; `modified_at` holds the time at which each was stored, and tests may change it."""

    def __init__(self, clock: Clock) -> None:
        self.modified_at: dict[ObjectKey, datetime] = {}
        self._clock = clock
        super().__init__()

    def __setitem__(self, key: ObjectKey, content: bytes) -> None:
        """Store an object, and record the current time."""
        super().__setitem__(key, content)
        self.modified_at[key] = self._clock.now()


class InMemoryObjectStore(ObjectStore):
    """Keeps objects in `objects`, where tests may add, read and remove them."""

    def __init__(self, clock: Clock, *, base_url: str = "http://bucket.test") -> None:
        self.objects = DatedObjects(clock)
        self._clock = clock
        self._base_url = base_url
        self._grants: dict[str, Grant] = {}
        self._planned_errors: dict[str, list[Unavailable]] = {}

    def fail_next(self, method: str, *, times: int = 1, error: Unavailable | None = None) -> None:
        """Make the next calls of an async method of the port fail without any effect."""
        planned = error or Unavailable("The bucket did not answer.")
        self._planned_errors.setdefault(method, []).extend([planned] * times)

    def admit(self, request: SignedRequest, *, method: str) -> Grant:
        """Check that the request was signed for this method, and return its grant.

        Raises:
            Rejected: `invalid_signature` or `url_expired`.
        """
        grant = self._grants.get(request.query.get("signature", ""))
        if grant is None or grant.method != method or not grant.fits(request):
            raise Rejected("The URL was not signed for this request.", code="invalid_signature")
        if self._clock.now() >= grant.expires_at:
            raise Rejected("The URL has expired.", code="url_expired")
        return grant

    def info(self, key: ObjectKey) -> ObjectInfo:
        """The info of the object under the key.

        Raises:
            ObjectNotFound: there is no object.
        """
        if key not in self.objects:
            raise ObjectNotFound(key)
        content = self.objects[key]
        return ObjectInfo(key, len(content), f'"{hashlib.sha256(content).hexdigest()}"')

    def presign_put(
        self, key: ObjectKey, *, content_type: str, size_bytes: int, expires_in_s: int, signed_at: datetime
    ) -> PresignedUpload:
        expires_at = signed_at + timedelta(seconds=expires_in_s)
        query = {"signature": fake_signature("PUT", key, content_type, size_bytes, expires_at)}
        url = self._url(Grant(query, "PUT", key, content_type, expires_at, size_bytes=size_bytes))
        return PresignedUpload(url, {"Content-Type": content_type})

    def presign_get(
        self,
        key: ObjectKey,
        *,
        content_type: str,
        expires_in_s: int,
        signed_at: datetime,
        disposition: str | None = None,
    ) -> str:
        expires_at = signed_at + timedelta(seconds=expires_in_s)
        query = {"signature": fake_signature("GET", key, content_type, expires_at, disposition)}
        cache_control = f"private, max-age={expires_in_s}"
        return self._url(
            Grant(query, "GET", key, content_type, expires_at, disposition=disposition, cache_control=cache_control)
        )

    async def head(self, key: ObjectKey) -> ObjectInfo:
        self._raise_planned_error("head")
        return self.info(key)

    async def peek(self, key: ObjectKey, *, length: int) -> Peek:
        self._raise_planned_error("peek")
        return Peek(self.info(key), self.objects[key][:length])

    async def download(self, key: ObjectKey, target: Path, *, etag: str, on_progress: OnProgress) -> None:
        self._raise_planned_error("download")
        if self.info(key).etag != etag:
            raise ObjectChanged(key)
        try:
            await asyncio.to_thread(_write_new, target, self.objects[key])
        except OSError as error:
            raise Unavailable("The local disk failed.") from error
        on_progress(100.0)

    async def upload(self, source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress) -> ObjectInfo:
        self._raise_planned_error("upload")
        try:
            self.objects[key] = await asyncio.to_thread(source.read_bytes)
        except OSError as error:
            raise Unavailable("The local disk failed.") from error
        on_progress(100.0)
        return self.info(key)

    async def delete(self, key: ObjectKey) -> None:
        self._raise_planned_error("delete")
        self.objects.pop(key, None)

    async def scan(self, prefix: str) -> AsyncGenerator[StoredObject]:
        self._raise_planned_error("scan")
        for key in [key for key in self.objects if key.startswith(prefix)]:
            if key in self.objects:  # Otherwise it was deleted during the scan.
                yield StoredObject(key, len(self.objects[key]), self.objects.modified_at[key])

    async def list_keys(self, prefix: str) -> list[ObjectKey]:
        self._raise_planned_error("list_keys")
        return sorted([each.key async for each in self.scan(prefix)])

    async def check(self) -> None:
        self._raise_planned_error("check")

    def _raise_planned_error(self, method: str) -> None:
        if errors := self._planned_errors.get(method):
            raise errors.pop()

    def _url(self, grant: Grant) -> str:
        signature = grant.query["signature"]
        self._grants[signature] = grant
        return f"{self._base_url}/bucket/{quote(grant.key)}?signature={signature}"


def fake_signature(*signed: object) -> str:
    """A deterministic digest of the values, as a signature for tests."""
    return f"{hashlib.sha256(repr(signed).encode()).hexdigest()}-fake"


def _write_new(target: Path, content: bytes) -> None:
    with target.open("xb") as file:
        file.write(content)
