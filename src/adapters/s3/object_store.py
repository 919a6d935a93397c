"""R2, or any other S3-compatible bucket, as an object store."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.s3.bucket import S3Bucket, open_bucket
from adapters.s3.config import S3Config
from adapters.s3.download import Download
from adapters.s3.errors import time_limit
from adapters.s3.first_bytes import peek
from adapters.s3.multipart_store import S3MultipartStore
from adapters.s3.query_signer import single_spaced
from adapters.s3.upload import Upload
from domain.model.errors import ObjectNotFound, Unavailable
from domain.model.object_key import ObjectKey
from domain.ports.clock import Clock
from domain.ports.object_store import ObjectInfo, ObjectStore, Peek, PresignedUpload, StoredObject
from domain.ports.progress import OnProgress

if TYPE_CHECKING:  # The types are installed only for the type checkers.
    from types_aiobotocore_s3.type_defs import ListObjectsV2RequestTypeDef, ObjectTypeDef


@asynccontextmanager
async def open_object_store(config: S3Config, clock: Clock) -> AsyncGenerator["S3ObjectStore"]:
    """A store with its own client and connection pool, bound to the running event loop."""
    async with open_bucket(config, clock) as bucket:
        yield S3ObjectStore(bucket)


class S3ObjectStore(ObjectStore):
    """Objects in one bucket; `multipart_store` shares its client."""

    def __init__(self, bucket: S3Bucket) -> None:
        self._bucket = bucket
        self.multipart_store = S3MultipartStore(bucket)

    def presign_put(
        self, key: ObjectKey, *, content_type: str, size_bytes: int, expires_in_s: int, signed_at: datetime
    ) -> PresignedUpload:
        # Signatures use single spaces. Not every server normalises them, so the client sends the type as it is signed.
        sent_type = single_spaced(content_type)
        headers = {"content-length": str(size_bytes), "content-type": sent_type}
        url = self._bucket.public_url(
            "PUT", key, query={}, headers=headers, expires_in_s=expires_in_s, signed_at=signed_at
        )
        return PresignedUpload(url, {"Content-Type": sent_type})

    def presign_get(
        self,
        key: ObjectKey,
        *,
        content_type: str,
        expires_in_s: int,
        signed_at: datetime,
        disposition: str | None = None,
    ) -> str:
        query = {
            "response-content-type": content_type,
            "response-cache-control": f"private, max-age={expires_in_s}",
        }
        if disposition is not None:
            query["response-content-disposition"] = disposition
        return self._bucket.public_url(
            "GET", key, query=query, headers={}, expires_in_s=expires_in_s, signed_at=signed_at
        )

    async def head(self, key: ObjectKey) -> ObjectInfo:
        return await self._bucket.head(key)

    async def peek(self, key: ObjectKey, *, length: int) -> Peek:
        return await peek(self._bucket, key, length=length)

    async def download(self, key: ObjectKey, target: Path, *, etag: str, on_progress: OnProgress) -> None:
        await Download(self._bucket, key, etag, on_progress).run(target)

    async def upload(self, source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress) -> ObjectInfo:
        return await Upload(self._bucket, source, key, content_type, on_progress).run()

    async def delete(self, key: ObjectKey) -> None:
        call = partial(self._bucket.client.delete_object, Bucket=self._bucket.name, Key=key)
        try:
            await self._bucket.call(call, key)
        except ObjectNotFound:  # Google's response for an absent object, but also that of a server at a wrong endpoint.
            await self._bucket.require_exists()

    async def scan(self, prefix: str) -> AsyncGenerator[StoredObject]:
        page: ListObjectsV2RequestTypeDef | None = {"Bucket": self._bucket.name, "Prefix": prefix}
        while page is not None:
            response = await self._bucket.call(partial(self._bucket.client.list_objects_v2, **page))
            for found in _stored_objects(response.get("Contents", [])):
                # Listed objects may be erased next, and rclone interprets the prefix as a path ("/" is everything).
                if found.key.startswith(prefix):
                    yield found
            token = response.get("NextContinuationToken")
            page = {**page, "ContinuationToken": token} if token else None

    async def list_keys(self, prefix: str) -> list[ObjectKey]:
        return sorted([each.key async for each in self.scan(prefix)])

    async def check(self) -> None:
        async with time_limit(self._bucket.config.check_timeout_s):
            try:
                await self._bucket.require_exists()
            except Unavailable:
                # The response to a HEAD has only a status; a listing gives the reason.
                call = partial(self._bucket.client.list_objects_v2, Bucket=self._bucket.name, MaxKeys=1)
                await self._bucket.call(call)
                raise


def _stored_objects(page: "Iterable[ObjectTypeDef]") -> Iterator[StoredObject]:
    for found in page:
        if "Key" in found and "Size" in found and "LastModified" in found:
            yield StoredObject(ObjectKey(found["Key"]), found["Size"], found["LastModified"].astimezone(UTC))
