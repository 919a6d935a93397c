"""The folder as an object store."""

import asyncio
import os
from collections.abc import AsyncGenerator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from adapters.aio.uncancelled import finish_in_thread
from adapters.localfs.errors import error_of, translate_errors
from adapters.localfs.folder import BucketFolder, info_of
from adapters.localfs.multipart_store import LocalMultipartStore
from adapters.localfs.staging import StagedObject, link
from adapters.localfs.transfer import Transfer
from adapters.localfs.url_signer import UrlSigner
from domain.model.errors import ObjectChanged, ObjectNotFound
from domain.model.object_key import ObjectKey
from domain.ports.clock import Clock
from domain.ports.object_store import ObjectInfo, ObjectStore, Peek, PresignedUpload, StoredObject
from domain.ports.progress import OnProgress

_SCANNED_AT_ONCE = 1000


class LocalObjectStore(ObjectStore):
    """Objects as files; their media types are not stored, because each playback URL contains one.

    An uploaded or downloaded file is a hard link to the object's file where possible, so it must not be
    modified in place. `multipart_store` uses the same folder.
    """

    def __init__(self, root: Path, *, secret: bytes, base_url: str, clock: Clock) -> None:
        self._folder = BucketFolder(root, writer="workers")
        self._signer = UrlSigner(base_url, clock, secret)
        self.multipart_store = LocalMultipartStore(root, secret=secret, base_url=base_url, clock=clock)

    def presign_put(
        self, key: ObjectKey, *, content_type: str, size_bytes: int, expires_in_s: int, signed_at: datetime
    ) -> PresignedUpload:
        url = self._signer.put_url(
            key, content_type=content_type, size_bytes=size_bytes, expires_in_s=expires_in_s, signed_at=signed_at
        )
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
        response_headers = {
            "response-content-type": content_type,
            "response-cache-control": f"private, max-age={expires_in_s}",
        }
        if disposition is not None:
            response_headers["response-content-disposition"] = disposition
        return self._signer.get_url(
            key, response_headers=response_headers, expires_in_s=expires_in_s, signed_at=signed_at
        )

    async def head(self, key: ObjectKey) -> ObjectInfo:
        with translate_errors():
            return await asyncio.to_thread(self._folder.info, key)

    async def peek(self, key: ObjectKey, *, length: int) -> Peek:
        with translate_errors():
            return await asyncio.to_thread(self._peek, key, length)

    async def download(self, key: ObjectKey, target: Path, *, etag: str, on_progress: OnProgress) -> None:
        with translate_errors():
            await Transfer(on_progress).run(lambda transfer: self._fetch(key, target, etag, transfer))

    async def upload(self, source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress) -> ObjectInfo:
        with translate_errors():
            return await Transfer(on_progress).run(lambda transfer: self._store(source, key, transfer))

    async def delete(self, key: ObjectKey) -> None:
        with translate_errors():
            await asyncio.to_thread(self._folder.remove, key)

    async def scan(self, prefix: str) -> AsyncGenerator[StoredObject]:
        found = self._folder.scan(prefix)
        try:
            while batch := await finish_in_thread(lambda: list(islice(found, _SCANNED_AT_ONCE))):
                for each in batch:
                    yield each
        except OSError as error:
            raise error_of(error) from error
        finally:
            found.close()

    async def list_keys(self, prefix: str) -> list[ObjectKey]:
        return sorted([each.key async for each in self.scan(prefix)])

    async def check(self) -> None:
        with translate_errors():
            await asyncio.to_thread(self._probe)

    async def clear_incoming(self) -> None:
        """Remove the unfinished files of killed workers. Call it only while no other worker is running."""
        with translate_errors():
            await asyncio.to_thread(self._folder.clear_incoming)

    def _probe(self) -> None:
        """Do the first steps of every write."""
        self._folder.objects.mkdir(parents=True, exist_ok=True)
        staged = StagedObject(self._folder)
        try:
            staged.append(b"")
        finally:
            staged.discard()

    def _store(self, source: Path, key: ObjectKey, transfer: Transfer) -> ObjectInfo:
        staged = StagedObject(self._folder)
        try:
            staged.fill(source, transfer)
            return staged.publish(key)
        finally:
            staged.discard()

    def _fetch(self, key: ObjectKey, target: Path, etag: str, transfer: Transfer) -> None:
        with self._opened(key) as source:
            _check_etag(key, os.fstat(source.fileno()), etag)
            if not link(self._folder.path_of(key), target):
                _copy_to_new(source, target, transfer)
                return
        try:
            # The link was made by name: check that it is still the file whose ETag was checked.
            _check_etag(key, target.stat(), etag)
        except ObjectChanged:
            target.unlink()
            raise

    def _peek(self, key: ObjectKey, length: int) -> Peek:
        with self._opened(key) as source:
            return Peek(info_of(key, os.fstat(source.fileno())), source.read(length))

    def _opened(self, key: ObjectKey) -> BinaryIO:
        try:
            return self._folder.path_of(key).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ObjectNotFound(key) from error


def _check_etag(key: ObjectKey, status: os.stat_result, etag: str) -> None:
    if info_of(key, status).etag != etag:
        raise ObjectChanged(key)


def _copy_to_new(source: BinaryIO, target: Path, transfer: Transfer) -> None:
    with target.open("xb") as copy:
        try:
            transfer.copy(source, copy)
        except BaseException:
            target.unlink()
            raise
