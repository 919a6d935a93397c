"""Uploads local files: in one PUT, or in equal parts, a few at a time; the file is read in pieces."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, cast

from adapters.s3.bucket import S3Bucket
from adapters.s3.errors import translate_disk_errors
from adapters.s3.file_part import FilePart
from adapters.s3.multipart_store import S3MultipartStore
from adapters.s3.stall_guard import send_with_stall_limit
from domain.model.errors import TelecineError, Unavailable, first_error
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import PartPlan, part_plan
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo
from domain.ports.progress import OnProgress

_ABORT_TIMEOUT_S = 10.0


@dataclass
class Upload:
    """The upload of one local file."""

    bucket: S3Bucket
    source: Path
    key: ObjectKey
    content_type: str
    on_progress: OnProgress
    sent: int = field(default=0, init=False)

    async def run(self) -> ObjectInfo:
        """Store the whole file or nothing, and check the size of the stored object."""
        with translate_disk_errors():
            size_bytes = (await asyncio.to_thread(self.source.stat)).st_size
            if size_bytes <= self.bucket.config.multipart_threshold_bytes:
                info = await self._put(size_bytes)
            else:
                info = await self._put_parts(part_plan(size_bytes, part_bytes=self.bucket.config.part_size_bytes))
        self.on_progress(100.0)
        return info

    async def _put(self, size_bytes: int) -> ObjectInfo:
        part = await asyncio.to_thread(FilePart.open, self.source, 0, size_bytes)
        with part:
            call = partial(
                self.bucket.client.put_object,
                Bucket=self.bucket.name,
                Key=self.key,
                Body=cast("IO[bytes]", part),
                ContentLength=size_bytes,
                ContentMD5=part.md5_base64,
                ContentType=self.content_type,
            )
            try:
                await self.bucket.call(
                    partial(send_with_stall_limit, part, call, stall_s=self.bucket.config.stall_timeout_s)
                )
            except Unavailable as error:
                return await self._stored_despite(part, error)
        return self._checked(await self.bucket.head(self.key), size_bytes)

    async def _stored_despite(self, part: FilePart, error: Unavailable) -> ObjectInfo:
        """The stored object, if only the responses were lost; its ETag is the MD5 of the body of a single PUT (S3, R2).

        Raises:
            Unavailable: the given error, if the stored object is not this file.
        """
        try:
            info = await self.bucket.head(self.key)
        except TelecineError:
            raise error from None
        if info.etag.strip('"') != part.md5_hex:
            raise error
        return info

    async def _put_parts(self, plan: PartPlan) -> ObjectInfo:
        store = S3MultipartStore(self.bucket)
        upload_id = await store.create(self.key, content_type=self.content_type, part_bytes=plan.part_bytes)
        try:
            parts = await self._sent_parts(plan, upload_id)
            return self._checked(await store.complete(self.key, upload_id, parts), plan.size_bytes)
        except BaseException:
            with suppress(TelecineError, TimeoutError):  # A failed abort must not replace the error of the upload.
                async with asyncio.timeout(_ABORT_TIMEOUT_S):
                    await store.abort(self.key, upload_id)
            raise

    async def _sent_parts(self, plan: PartPlan, upload_id: str) -> list[UploadedPart]:
        """Send every part, a few at a time; the first failure stops the others."""
        slots = asyncio.Semaphore(self.bucket.config.parts_in_flight)
        with first_error():
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._send(plan, number, upload_id, slots)) for number in plan.numbers]
        return [task.result() for task in tasks]

    async def _send(self, plan: PartPlan, number: int, upload_id: str, slots: asyncio.Semaphore) -> UploadedPart:
        size_bytes = plan.size_of(number)
        async with slots:
            with await asyncio.to_thread(FilePart.open, self.source, plan.start_of(number), size_bytes) as part:
                call = partial(
                    self.bucket.client.upload_part,
                    Bucket=self.bucket.name,
                    Key=self.key,
                    UploadId=upload_id,
                    PartNumber=number,
                    Body=cast("IO[bytes]", part),
                    ContentLength=size_bytes,
                    ContentMD5=part.md5_base64,
                )
                response = await self.bucket.call(
                    partial(send_with_stall_limit, part, call, stall_s=self.bucket.config.stall_timeout_s)
                )
        self.sent += size_bytes
        self.on_progress(100 * self.sent / plan.size_bytes)
        return UploadedPart(number, response["ETag"], size_bytes)

    def _checked(self, info: ObjectInfo, size_bytes: int) -> ObjectInfo:
        if info.size_bytes != size_bytes:
            raise Unavailable("The stored object does not have the size of the file.", code="storage_unavailable")
        return info
