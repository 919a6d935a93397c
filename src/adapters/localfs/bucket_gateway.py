"""The folder as what clients take for a real bucket."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from adapters.localfs.disk_faults import translated_disk_faults
from adapters.localfs.folder import BucketFolder
from adapters.localfs.staging import StagedObject
from adapters.localfs.url_signer import UrlSigner
from domain.model.errors import Rejected
from domain.model.object_key import parse_object_key
from domain.ports.bucket_gateway import BucketGateway, ServedObject, SignedRequest
from domain.ports.clock import Clock
from domain.ports.object_store import ObjectInfo

_BATCH_BYTES = 1024 * 1024


class LocalBucketGateway(BucketGateway):
    """Takes and serves what a `LocalObjectStore` with the same root and secret has signed."""

    def __init__(self, root: Path, *, secret: bytes, base_url: str, clock: Clock) -> None:
        self._folder = BucketFolder(root, writer="clients")
        self._signer = UrlSigner(base_url, clock, secret)

    async def receive(self, request: SignedRequest, body: AsyncIterator[bytes]) -> ObjectInfo:
        self._signer.check_put(request)
        key = parse_object_key(request.key)
        staged = StagedObject(self._folder)
        with translated_disk_faults():
            try:
                await _fill(staged, body, size_bytes=request.content_length or 0)
                return await asyncio.to_thread(staged.publish, key)
            finally:
                # Shielded: who is cancelled leaves nothing behind either.
                await asyncio.shield(asyncio.to_thread(staged.discard))

    async def clear_incoming(self) -> None:
        """Remove what uploads left half written when their process was killed. Only for who alone takes uploads."""
        with translated_disk_faults():
            await asyncio.to_thread(self._folder.clear_incoming)

    async def open(self, request: SignedRequest) -> ServedObject:
        self._signer.check_get(request)
        key = parse_object_key(request.key)
        with translated_disk_faults():
            info = await asyncio.to_thread(self._folder.info, key)
        return ServedObject(
            path=self._folder.path_of(key),
            info=info,
            content_type=request.query["response-content-type"],
            content_disposition=request.query.get("response-content-disposition"),
        )


async def _fill(staged: StagedObject, body: AsyncIterator[bytes], *, size_bytes: int) -> None:
    """Write the body in batches worth a thread's while.

    Raises:
        Rejected: `incomplete_body`, as soon as it is seen to be longer, or when it ends before its length.
    """
    batch = bytearray()
    received_bytes = 0
    async for chunk in body:
        received_bytes += len(chunk)
        if received_bytes > size_bytes:
            raise Rejected("The body is longer than its declared length.", code="incomplete_body")
        batch += chunk
        if len(batch) >= _BATCH_BYTES:
            await asyncio.to_thread(staged.append, batch)
            batch = bytearray()  # A new one: the old may still be in the hands of a thread.
    if received_bytes < size_bytes:
        raise Rejected("The body ended before its declared length.", code="incomplete_body")
    await asyncio.to_thread(staged.append, batch)
