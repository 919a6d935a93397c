"""Multipart uploads in the folder."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from adapters.localfs.errors import translate_errors
from adapters.localfs.folder import BucketFolder
from adapters.localfs.multipart_index import LocalUploads
from adapters.localfs.multipart_upload import PartContent
from adapters.localfs.url_signer import UrlSigner
from domain.model.errors import NotFound, ObjectNotFound
from domain.model.object_key import ObjectKey
from domain.ports.clock import Clock
from domain.ports.multipart_store import MultipartStore, UnfinishedUpload, UploadedPart
from domain.ports.object_store import ObjectInfo, PresignedUpload

T = TypeVar("T")


class LocalMultipartStore(MultipartStore):
    """Signs URLs for the gateway with the same root and secret, which receives the clients' parts."""

    def __init__(self, root: Path, *, secret: bytes, base_url: str, clock: Clock) -> None:
        self._folder = BucketFolder(root, writer="clients")
        self._uploads = LocalUploads(self._folder)
        self._signer = UrlSigner(base_url, clock, secret)
        self._clock = clock

    async def create(self, key: ObjectKey, *, content_type: str, part_bytes: int) -> str:
        now = self._clock.now()
        return await _in_thread(lambda: self._uploads.create(key, part_bytes=part_bytes, initiated_at=now))

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
        part = {"partNumber": str(part_number), "uploadId": upload_id}
        url = self._signer.part_url(key, part, size_bytes=size_bytes, expires_in_s=expires_in_s, signed_at=signed_at)
        return PresignedUpload(url, {})

    async def upload_part(self, key: ObjectKey, upload_id: str, number: int, data: bytes | memoryview) -> UploadedPart:
        return await _in_thread(lambda: self._uploads.get(key, upload_id).put(number, _content_of(data)))

    async def list_parts(self, key: ObjectKey, upload_id: str) -> list[UploadedPart]:
        return await _in_thread(lambda: self._uploads.get(key, upload_id).parts())

    async def complete(self, key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> ObjectInfo:
        return await _in_thread(lambda: self._complete(key, upload_id, parts))

    async def abort(self, key: ObjectKey, upload_id: str) -> None:
        await _in_thread(lambda: self._abort(key, upload_id))

    async def list_uploads(self, prefix: str) -> list[UnfinishedUpload]:
        return await _in_thread(lambda: self._uploads.unfinished(prefix))

    def _complete(self, key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> ObjectInfo:
        try:
            upload = self._uploads.get(key, upload_id)
            return upload.complete(parts, lambda data: self._folder.publish(data, key))
        except NotFound as gone:
            return self._joined_before(key, parts, gone)

    def _joined_before(self, key: ObjectKey, parts: Sequence[UploadedPart], not_found: NotFound) -> ObjectInfo:
        """The object that an earlier call created, whose response was lost; it is recognised by its size alone."""
        try:
            info = self._folder.info(key)
        except ObjectNotFound:
            raise not_found from None
        if info.size_bytes != sum(part.size_bytes for part in parts):
            raise not_found
        return info

    def _abort(self, key: ObjectKey, upload_id: str) -> None:
        try:
            self._uploads.get(key, upload_id).abort()
        except NotFound:
            return


def _content_of(data: bytes | memoryview) -> PartContent:
    return PartContent(len(data), hashlib.md5(data, usedforsecurity=False).hexdigest(), [memoryview(data)])


async def _in_thread(work: Callable[[], T]) -> T:
    with translate_errors():
        return await asyncio.to_thread(work)
