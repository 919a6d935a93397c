"""Receive a file through the API, the deprecated alternative to presigned URLs."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace

from domain.model.access.idempotency import IdempotentRequest, idempotent_request, key_in_use
from domain.model.errors import AlreadyExists, Rejected, TelecineError, Unavailable, VideoNotFound
from domain.model.failure import FailureCode
from domain.model.ids import UserId
from domain.model.jobs.job import Job
from domain.model.uploads.container_sniffing import SNIFF_BYTES, check_container
from domain.model.uploads.multipart import MultipartUpload
from domain.model.uploads.policy import AcceptedUpload, UploadDeclaration, UploadPolicy, UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.database import Database
from domain.ports.multipart_store import MultipartStore, UploadedPart
from domain.use_cases.access.lookup import IdempotencyLookup
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.uploads.abort_upload import AbortUpload
from domain.use_cases.uploads.create_upload import CreateUpload
from domain.use_cases.uploads.upload_lease import UploadLease
from domain.use_cases.uploads.verify_upload import VerifyUpload
from domain.use_cases.videos.register_videos import RegisterVideos

OPERATION = "upload"
BUSY_RETRY_S = 10.0


@dataclass(frozen=True, slots=True)
class ReceivedUpload:
    """The accepted video; `is_replay` if an earlier request with the same key uploaded it."""

    video: Video
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class ReceiveUpload:
    """Upload a video through the API. Deprecated: use a presigned URL instead.

    - The file is forwarded to the bucket in parts of 5 MiB while it arrives; the server keeps one part in memory.
    - The filename, type, size and the user's quotas are checked as for a presigned URL.
    - An interrupted upload leaves nothing in the bucket. If its first part had arrived, its video becomes `failed`.
    - With an `Idempotency-Key`, a repeated request is answered without reading the file again. It is refused while the
      first request is running, and for a minute after the server that received the first request has crashed.
    - The number of concurrent uploads is limited, because each needs the memory of one part.
    """

    policy: UploadPolicy
    create: CreateUpload
    register: RegisterVideos
    lookup: IdempotencyLookup
    verify: VerifyUpload
    abort: AbortUpload
    lease: UploadLease
    dispatch: DispatchJob
    database: Database
    multipart: MultipartStore
    slots: asyncio.Semaphore
    _aborting: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def wait_closed(self) -> None:
        """Wait until interrupted uploads are cleaned up; call it before closing the database."""
        await asyncio.gather(*self._aborting, return_exceptions=True)

    async def __call__(
        self, owner: UserId, declared: UploadDeclaration, chunks: AsyncIterator[bytes], *, key: str | None = None
    ) -> ReceivedUpload:
        """Receive the file; the declared size is the maximum number of bytes.

        Raises:
            Rejected: the declaration breaks the upload policy, the file is larger than declared, empty or
                `not_a_video`, or the idempotency key is malformed or was used for a different request.
            QuotaExceeded: the owner's quota has no room for it.
            Conflict: `idempotency_key_in_use` or `idempotency_key_spent`.
            Unavailable: the bucket or the database failed, or too many other uploads are being received.

        An error that `chunks` raises is passed on.
        """
        request = None if key is None else idempotent_request(key, OPERATION, declared)
        if request is not None and (earlier := await self._find_earlier(owner, request)) is not None:
            return _replayed(earlier)
        accepted = self.policy.accept(replace(declared, strategy=UploadStrategy.MULTIPART))
        part_bytes = self.policy.part_bytes if accepted.plan is None else accepted.plan.part_bytes
        if self.slots.locked():
            raise Unavailable("Too many files are being received; try again.", retry_after_s=BUSY_RETRY_S)
        async with self.slots:
            return await self._receive(owner, accepted, request, _in_parts(chunks, part_bytes))

    async def _receive(
        self,
        owner: UserId,
        accepted: AcceptedUpload,
        request: IdempotentRequest | None,
        parts: AsyncGenerator[memoryview],
    ) -> ReceivedUpload:
        async with aclosing(parts):
            first = await anext(parts)
            self.policy.check_size(len(first))
            check_container(bytes(first[:SNIFF_BYTES]))
            video = await self.create(owner, accepted)
            try:
                await self._register(video, request)
                async with self.lease.held(video):
                    return ReceivedUpload(await self.verify(video.with_size(await self._store(video, first, parts))))
            except BaseException:
                giving_up = asyncio.create_task(self._give_up(video))
                self._aborting.add(giving_up)
                giving_up.add_done_callback(self._aborting.discard)
                await asyncio.shield(giving_up)
                raise

    async def _find_earlier(self, owner: UserId, request: IdempotentRequest) -> Video | None:
        """The video of an earlier request; None if there is none, or if that upload has failed and so freed its key."""
        earlier = await self.lookup(owner, request)
        if earlier is None or earlier.is_uploaded:
            return earlier
        return None if await self.lease.has_ended(earlier) else earlier

    async def _register(self, video: Video, request: IdempotentRequest | None) -> None:
        try:
            await self.register(video, None if request is None else request.creating(video))
        except AlreadyExists:
            raise key_in_use() from None

    async def _store(self, video: Video, first: memoryview, parts: AsyncIterator[memoryview]) -> int:
        """Forward every part to the bucket and return the total size in bytes."""
        multipart = video.source.multipart
        if multipart is None:
            raise TypeError("A proxied upload needs a multipart upload.")
        sent = [await self._send(video, multipart, 1, first)]
        size_bytes = len(first)
        async for part in parts:
            size_bytes += len(part)
            if size_bytes > video.source.size_bytes:
                raise Rejected(f"The file is larger than {video.source.size_bytes} bytes.", code="file_too_large")
            sent.append(await self._send(video, multipart, len(sent) + 1, part))
        await self.multipart.complete(video.source.key, multipart.upload_id, sent)
        return size_bytes

    async def _send(self, video: Video, multipart: MultipartUpload, number: int, part: memoryview) -> UploadedPart:
        return await self.multipart.upload_part(video.source.key, multipart.upload_id, number, part)

    async def _give_up(self, video: Video) -> None:
        """Fail the video and free its idempotency key; if that fails, the periodic clean-up does it later."""
        with suppress(TelecineError):
            try:
                erasing = await self._abort(video)
            except VideoNotFound:  # It has not been committed, or has been deleted.
                await self.create.discard(video)
                return
            if erasing is not None:
                await self.dispatch(erasing)

    async def _abort(self, video: Video) -> Job | None:
        reason = "The upload was interrupted or refused."
        async with self.database.write() as work:
            current = await work.videos.get(video.id)
            if current.status is not VideoStatus.UPLOADING:
                return None
            await work.idempotency_keys.delete_of_video(video.id)
            _, erasing = await self.abort(work, current, FailureCode.UPLOAD_FAILED, reason)
            return erasing


def _replayed(video: Video) -> ReceivedUpload:
    if not video.is_uploaded:
        raise key_in_use()
    return ReceivedUpload(video, is_replay=True)


async def _in_parts(chunks: AsyncIterator[bytes], part_bytes: int) -> AsyncGenerator[memoryview]:
    """Regroup the chunks into parts of this size; the last may be smaller. Without any bytes there is one empty part.

    All parts share one buffer: send a part before requesting the next one.
    """
    buffer = memoryview(bytearray(part_bytes))
    filled, is_first = 0, True
    async for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            taken = min(len(rest), part_bytes - filled)
            buffer[filled : filled + taken] = rest[:taken]
            filled, rest = filled + taken, rest[taken:]
            if filled == part_bytes:
                filled, is_first = 0, False
                yield buffer
    if is_first or filled:
        yield buffer[:filled]
