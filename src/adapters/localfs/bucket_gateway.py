"""Receives and serves objects over presigned URLs, so that clients use the folder like a real bucket."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.localfs.errors import translate_errors
from adapters.localfs.folder import BucketFolder
from adapters.localfs.multipart_index import LocalUploads
from adapters.localfs.multipart_upload import PartContent, file_chunks
from adapters.localfs.staging import StagedObject
from adapters.localfs.url_signer import UrlSigner
from domain.model.errors import Rejected
from domain.model.object_key import parse_object_key
from domain.ports.bucket_gateway import BucketGateway, ServedObject, SignedRequest
from domain.ports.clock import Clock
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo

_BATCH_BYTES = 1024 * 1024


class LocalBucketGateway(BucketGateway):
    """Handles the requests that a `LocalObjectStore` with the same root and secret has signed."""

    def __init__(self, root: Path, *, secret: bytes, base_url: str, clock: Clock) -> None:
        self._folder = BucketFolder(root, writer="clients")
        self._uploads = LocalUploads(self._folder)
        self._signer = UrlSigner(base_url, clock, secret)

    async def receive(self, request: SignedRequest, body: AsyncIterator[bytes]) -> ObjectInfo | UploadedPart:
        with translate_errors():
            if "uploadId" in request.query:
                return await self._receive_part(request, body)
            return await self._receive_object(request, body)

    async def clear_incoming(self) -> None:
        """Remove the files of uploads whose process was killed. Call it only if no other process receives uploads."""
        with translate_errors():
            await asyncio.to_thread(self._folder.clear_incoming)
            await asyncio.to_thread(self._uploads.clear)

    async def open(self, request: SignedRequest) -> ServedObject:
        self._signer.check_get(request)
        key = parse_object_key(request.key)
        with translate_errors():
            info = await asyncio.to_thread(self._folder.info, key)
        return ServedObject(
            path=self._folder.path_of(key),
            info=info,
            content_type=request.query["response-content-type"],
            disposition=request.query.get("response-content-disposition"),
            cache_control=request.query.get("response-cache-control", "private"),
        )

    async def _receive_object(self, request: SignedRequest, body: AsyncIterator[bytes]) -> ObjectInfo:
        self._signer.check_put(request)
        key = parse_object_key(request.key)
        async with self._staged() as staged:
            await _write(body, staged.append, size_bytes=request.content_length or 0)
            return await asyncio.to_thread(staged.publish, key)

    async def _receive_part(self, request: SignedRequest, body: AsyncIterator[bytes]) -> UploadedPart:
        self._signer.check_part(request)
        key, upload_id = parse_object_key(request.key), request.query["uploadId"]
        number, size_bytes = int(request.query["partNumber"]), request.content_length or 0
        upload = await asyncio.to_thread(self._uploads.get, key, upload_id)
        upload.check(number, size_bytes)  # Before any of the body is read.
        digest = hashlib.md5(usedforsecurity=False)
        async with self._staged() as staged:

            def append(batch: bytearray) -> None:
                digest.update(batch)
                staged.append(batch)

            def put(written: Path) -> UploadedPart:
                return upload.put(number, PartContent(size_bytes, digest.hexdigest(), file_chunks(written)))

            await _write(body, append, size_bytes=size_bytes)
            return await asyncio.to_thread(staged.call_with_path, put)

    @asynccontextmanager
    async def _staged(self) -> AsyncGenerator[StagedObject]:
        staged = StagedObject(self._folder)
        try:
            yield staged
        finally:
            # Shielded, so that a cancelled call leaves no file behind either.
            await asyncio.shield(asyncio.to_thread(staged.discard))


async def _write(body: AsyncIterator[bytes], append: Callable[[bytearray], None], *, size_bytes: int) -> None:
    """Write the body in threads, in batches of about a MiB.

    Raises:
        Rejected: `incomplete_body`, as soon as the body exceeds its length, or when it ends early.
    """
    batch = bytearray()
    received_bytes = 0
    async for chunk in body:
        received_bytes += len(chunk)
        if received_bytes > size_bytes:
            raise Rejected("The body is longer than its declared length.", code="incomplete_body")
        batch += chunk
        if len(batch) >= _BATCH_BYTES:
            await asyncio.to_thread(append, batch)
            batch = bytearray()  # A new one: a thread may still use the old one.
    if received_bytes < size_bytes:
        raise Rejected("The body ended before its declared length.", code="incomplete_body")
    await asyncio.to_thread(append, batch)
