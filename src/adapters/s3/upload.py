"""Storing local files: one PUT, or equal parts a few at a time; in either case read piece by piece."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, cast

from adapters.s3.body_call import sent_whole
from adapters.s3.bucket import S3Bucket
from adapters.s3.faults import translated_disk_faults
from adapters.s3.file_part import FilePart
from adapters.s3.multipart_store import S3MultipartStore
from domain.model.errors import TelecineError, Unavailable, first_error
from domain.model.multipart import PartPlan, part_plan
from domain.model.object_key import ObjectKey
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo, OnProgress

_ABORT_TIMEOUT_S = 10.0


@dataclass
class Upload:
    """One local file on its way to its key."""

    bucket: S3Bucket
    source: Path
    key: ObjectKey
    content_type: str
    on_progress: OnProgress
    sent: int = field(default=0, init=False)

    async def run(self) -> ObjectInfo:
        """Store it whole or not at all, and see that it is there with its size."""
        with translated_disk_faults():
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
                await self.bucket.ask(partial(sent_whole, part, call, stall_s=self.bucket.config.stall_timeout_s))
            except Unavailable as error:
                return await self._stored_nonetheless(part, error)
        return self._checked(await self.bucket.head(self.key), size_bytes)

    async def _stored_nonetheless(self, part: FilePart, error: Unavailable) -> ObjectInfo:
        """What is there if only the answers were lost; its ETag tells (S3, R2: the MD5 of what one PUT stored).

        Raises:
            Unavailable: the error, when this file is not what is there.
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
            with suppress(TelecineError, TimeoutError):  # What stays, the bucket drops; how the upload failed is told.
                async with asyncio.timeout(_ABORT_TIMEOUT_S):
                    await store.abort(self.key, upload_id)
            raise

    async def _sent_parts(self, plan: PartPlan, upload_id: str) -> list[UploadedPart]:
        """Every part, a few at a time; the first that fails stops the others."""
        room = asyncio.Semaphore(self.bucket.config.parts_in_flight)
        with first_error():
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._send(plan, number, upload_id, room)) for number in plan.numbers]
        return [task.result() for task in tasks]

    async def _send(self, plan: PartPlan, number: int, upload_id: str, room: asyncio.Semaphore) -> UploadedPart:
        size_bytes = plan.size_of(number)
        async with room:
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
                answer = await self.bucket.ask(
                    partial(sent_whole, part, call, stall_s=self.bucket.config.stall_timeout_s)
                )
        self.sent += size_bytes
        self.on_progress(100 * self.sent / plan.size_bytes)
        return UploadedPart(number, answer["ETag"], size_bytes)

    def _checked(self, info: ObjectInfo, size_bytes: int) -> ObjectInfo:
        if info.size_bytes != size_bytes:
            raise Unavailable("The stored object has not the size of the file.", code="storage_unavailable")
        return info
