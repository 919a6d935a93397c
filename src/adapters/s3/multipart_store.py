"""Multipart uploads in the bucket."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from adapters.s3.bucket import S3Bucket
from adapters.s3.memory_part import put_part
from domain.model.errors import NotFound, ObjectNotFound, Rejected, TelecineError, Unavailable
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MAX_PART_COUNT
from domain.ports.multipart_store import MultipartStore, UnfinishedUpload, UploadedPart
from domain.ports.object_store import ObjectInfo, PresignedUpload

if TYPE_CHECKING:  # The types are installed only for the type checkers.
    from types_aiobotocore_s3.type_defs import (
        CompletedPartTypeDef,
        ListMultipartUploadsOutputTypeDef,
        ListMultipartUploadsRequestTypeDef,
        MultipartUploadTypeDef,
        PartTypeDef,
    )


class S3MultipartStore(MultipartStore):
    """Shares the client of the object store."""

    def __init__(self, bucket: S3Bucket) -> None:
        self._bucket = bucket

    async def create(self, key: ObjectKey, *, content_type: str, part_bytes: int) -> str:
        call = partial(
            self._bucket.client.create_multipart_upload, Bucket=self._bucket.name, Key=key, ContentType=content_type
        )
        return (await self._bucket.call(call))["UploadId"]

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
        query, headers = _part_query(upload_id, part_number), {"content-length": str(size_bytes)}
        url = self._bucket.public_url(
            "PUT", key, query=query, headers=headers, expires_in_s=expires_in_s, signed_at=signed_at
        )
        return PresignedUpload(url, {})

    async def upload_part(self, key: ObjectKey, upload_id: str, number: int, data: bytes | memoryview) -> UploadedPart:
        if not 1 <= number <= MAX_PART_COUNT:  # The bucket would report an invalid argument.
            raise Rejected(f"Parts are numbered from 1 to {MAX_PART_COUNT}.", code="invalid_parts")
        etag = await put_part(self._bucket, key, _part_query(upload_id, number), data)
        return UploadedPart(number, etag, len(data))

    async def list_parts(self, key: ObjectKey, upload_id: str) -> list[UploadedPart]:
        parts: list[UploadedPart] = []
        is_truncated = True
        while is_truncated:
            call = partial(
                self._bucket.client.list_parts,
                Bucket=self._bucket.name,
                Key=key,
                UploadId=upload_id,
                # The last number received, not the response's marker, which is one too high with rclone.
                PartNumberMarker=parts[-1].number if parts else 0,
            )
            response = await self._bucket.call(call)
            page = response.get("Parts", [])
            parts += map(_uploaded_part, page)
            is_truncated = response.get("IsTruncated", False) and bool(page)
        return parts

    async def complete(self, key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> ObjectInfo:
        if not parts:  # The bucket would report malformed XML.
            raise Rejected("An upload without parts can't be completed.", code="invalid_parts")
        try:
            await self._join(key, upload_id, parts)
        except NotFound as gone:
            return await self._joined_before(key, parts, gone)
        except Unavailable as error:
            await self._require_removed(key, upload_id, error)
            return await self._joined_before(key, parts, error)
        info = await self._bucket.head(key)
        if info.size_bytes != _total_of(parts):
            raise Unavailable("The object does not have the size of its parts.", code="storage_unavailable")
        return info

    async def abort(self, key: ObjectKey, upload_id: str) -> None:
        call = partial(
            self._bucket.client.abort_multipart_upload, Bucket=self._bucket.name, Key=key, UploadId=upload_id
        )
        try:
            await self._bucket.call(call)
        except NotFound:
            return

    async def list_uploads(self, prefix: str) -> list[UnfinishedUpload]:
        uploads: list[UnfinishedUpload] = []
        page: ListMultipartUploadsRequestTypeDef | None = {"Bucket": self._bucket.name, "Prefix": prefix}
        while page is not None:
            try:
                response = await self._bucket.call(partial(self._bucket.client.list_multipart_uploads, **page))
            except NotFound:
                break  # rclone's response for a bucket in which no upload was ever created.
            uploads += _unfinished_uploads(response.get("Uploads", []))
            page = _page_after(response, page)
        # A bucket may interpret the prefix as a path, or ignore it.
        return sorted((each for each in uploads if each.key.startswith(prefix)), key=lambda each: each.key)

    async def _join(self, key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> None:
        listed: list[CompletedPartTypeDef] = [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
        call = partial(
            self._bucket.client.complete_multipart_upload,
            Bucket=self._bucket.name,
            Key=key,
            UploadId=upload_id,
            MultipartUpload={"Parts": listed},
        )
        await self._bucket.call(call)

    async def _require_removed(self, key: ObjectKey, upload_id: str, error: Unavailable) -> None:
        """Raise the error again if the upload still exists: an object under the key would then be an older one."""
        try:
            await self.list_parts(key, upload_id)
        except NotFound:
            return
        except Unavailable:
            raise error from None
        raise error

    async def _joined_before(
        self, key: ObjectKey, parts: Sequence[UploadedPart], not_found: TelecineError
    ) -> ObjectInfo:
        """The object that an earlier call created, whose response was lost.

        Raises:
            TelecineError: the given error, if no object matches these parts.
        """
        try:
            info = await self._bucket.head(key)
        except ObjectNotFound:
            raise not_found from None
        _, dash, count = info.etag.strip('"').partition("-")
        # S3 and R2 append the number of parts to the ETag of a joined object; other servers may not.
        if info.size_bytes != _total_of(parts) or (dash and count != str(len(parts))):
            raise not_found
        return info


def _part_query(upload_id: str, number: int) -> dict[str, str]:
    return {"partNumber": str(number), "uploadId": upload_id}


def _total_of(parts: Sequence[UploadedPart]) -> int:
    return sum(part.size_bytes for part in parts)


def _uploaded_part(part: "PartTypeDef") -> UploadedPart:
    return UploadedPart(part.get("PartNumber", 0), part.get("ETag", ""), part.get("Size", 0))


def _unfinished_uploads(page: Iterable["MultipartUploadTypeDef"]) -> Iterator[UnfinishedUpload]:
    for upload in page:
        if "Key" in upload and "UploadId" in upload and "Initiated" in upload:
            initiated_at = upload["Initiated"].astimezone(UTC)
            yield UnfinishedUpload(ObjectKey(upload["Key"]), upload["UploadId"], initiated_at)


def _page_after(
    response: "ListMultipartUploadsOutputTypeDef", page: "ListMultipartUploadsRequestTypeDef"
) -> "ListMultipartUploadsRequestTypeDef | None":
    key, upload_id = response.get("NextKeyMarker"), response.get("NextUploadIdMarker")
    if not response.get("IsTruncated") or not key or not upload_id:
        return None
    return {**page, "KeyMarker": key, "UploadIdMarker": upload_id}
