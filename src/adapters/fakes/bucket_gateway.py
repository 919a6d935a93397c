"""The HTTP side of a bucket in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from adapters.fakes.multipart_store import InMemoryMultipartStore
from adapters.fakes.object_store import InMemoryObjectStore
from domain.model.errors import Rejected
from domain.model.object_key import ObjectKey
from domain.ports.bucket_gateway import BucketGateway, ServedObject, SignedRequest
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo


class InMemoryBucketGateway(BucketGateway):
    """Handles requests that the stores have signed; writes objects to the folder, from which they are served."""

    def __init__(
        self, store: InMemoryObjectStore, folder: Path, multipart: InMemoryMultipartStore | None = None
    ) -> None:
        self._store = store
        self._folder = folder
        self._multipart = multipart

    async def receive(self, request: SignedRequest, body: AsyncIterator[bytes]) -> ObjectInfo | UploadedPart:
        if self._multipart is not None and "uploadId" in request.query:
            part = self._multipart.admit(request)
            return self._multipart.put_part(part, await _read_exactly(body, part.size_bytes))
        grant = self._store.admit(request, method="PUT")
        key = ObjectKey(grant.key)
        self._store.objects[key] = await _read_exactly(body, grant.size_bytes or 0)
        return self._store.info(key)

    async def open(self, request: SignedRequest) -> ServedObject:
        grant = self._store.admit(request, method="GET")
        key = ObjectKey(grant.key)
        info = self._store.info(key)
        path = self._folder / hashlib.sha256(key.encode()).hexdigest()
        await asyncio.to_thread(path.write_bytes, self._store.objects[key])
        return ServedObject(path, info, grant.content_type, grant.disposition, grant.cache_control)


async def _read_exactly(body: AsyncIterator[bytes], size_bytes: int) -> bytes:
    received = b""
    async for chunk in body:
        received += chunk
        if len(received) > size_bytes:
            break
    if len(received) != size_bytes:
        raise Rejected("The body does not have its declared length.", code="incomplete_body")
    return received
