"""Downloads: only the recorded version of an object, resumed where a response was cut off."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from adapters.aio.uncancelled import finish_in_thread
from adapters.s3.bucket import S3Bucket
from adapters.s3.errors import Interrupted, translate_disk_errors, translate_errors
from domain.model.errors import ObjectChanged, Unavailable
from domain.model.object_key import ObjectKey
from domain.ports.progress import OnProgress

if TYPE_CHECKING:  # The types are installed only for the type checkers.
    from types_aiobotocore_s3.type_defs import GetObjectRequestTypeDef

_BATCH_BYTES = 1024 * 1024
_WAITS_S = (1.0, 2.0, 4.0)


@dataclass
class Download:
    """The download of one object to a new local path."""

    bucket: S3Bucket
    key: ObjectKey
    etag: str
    on_progress: OnProgress
    written: int = field(default=0, init=False)
    total: int | None = field(default=None, init=False)

    async def run(self, target: Path) -> None:
        """Write the whole object; after a failure the path does not exist."""
        with translate_disk_errors():
            file = await finish_in_thread(lambda: target.open("xb", buffering=0))
            try:
                await self._fill(file)
            except BaseException:
                await finish_in_thread(partial(target.unlink, missing_ok=True))
                raise
            finally:
                file.close()
        self.on_progress(100.0)

    async def _fill(self, file: RawIOBase) -> None:
        """Resume where the last response was cut off; fail after three resumptions in a row without progress."""
        failures = 0
        while self.total is None or self.written < self.total:
            before = self.written
            try:
                await self._append(file)
            except Interrupted:
                failures = 1 if self.written > before else failures + 1
                if failures > len(_WAITS_S):
                    raise
                await self.bucket.clock.sleep(_WAITS_S[failures - 1])

    async def _append(self, file: RawIOBase) -> None:
        async with opened_range(self.bucket, self.key, start=self.written, etag=self.etag) as response:
            self.total = self.written + response.size_bytes
            async for batch in response.batches():
                self.written += await finish_in_thread(partial(_write_all, file, batch))
                self.on_progress(100 * self.written / max(1, self.total))


class Body(Protocol):
    """The part of the client library's streaming body that we use; its own types are incomplete."""

    async def read(self, amt: int, /) -> bytes:
        """At most `amt` bytes; empty at the end."""
        ...

    def close(self) -> None:
        """Release the connection, even before the end."""
        ...


@dataclass(frozen=True, slots=True)
class RangeResponse:
    """A response whose body is being received."""

    body: Body
    size_bytes: int

    async def batches(self) -> AsyncGenerator[bytes]:
        """The whole body, in batches of about a MiB.

        Raises:
            Interrupted: the body was cut off, or ended early.
        """
        missing, batch = self.size_bytes, bytearray()
        while missing:
            chunk = await self._read(min(_BATCH_BYTES, missing))
            missing -= len(chunk)
            batch += chunk
            if len(batch) >= _BATCH_BYTES or not missing:
                yield bytes(batch)
                batch.clear()

    async def _read(self, size_bytes: int) -> bytes:
        try:
            with translate_errors():
                chunk = await self.body.read(size_bytes)
        except Unavailable as error:  # A response that fails after its start can be resumed, whatever the error.
            raise Interrupted(error.detail, code=error.code) from error
        if not chunk:
            raise Interrupted("The bucket sent less than the declared length.", code="storage_unavailable")
        return chunk


@asynccontextmanager
async def opened_range(bucket: S3Bucket, key: ObjectKey, *, start: int, etag: str) -> AsyncGenerator[RangeResponse]:
    """The object's bytes from `start` to its end, checked even where the bucket ignores `If-Match` or `Range`."""
    response = await bucket.call(lambda: bucket.client.get_object(**_request(bucket, key, start, etag)), key)
    body = cast("Body", response["Body"])
    try:
        if response["ETag"] != etag:
            raise ObjectChanged(key)
        if not _range_starts_at(start, response.get("ContentRange")):
            raise Unavailable("The bucket does not support range requests.", code="storage_refused")
        yield RangeResponse(body, response["ContentLength"])
    finally:
        body.close()


def _request(bucket: S3Bucket, key: ObjectKey, start: int, etag: str) -> "GetObjectRequestTypeDef":
    request: GetObjectRequestTypeDef = {"Bucket": bucket.name, "Key": key, "IfMatch": etag}
    if start:
        request["Range"] = f"bytes={start}-"
    return request


def _range_starts_at(start: int, content_range: str | None) -> bool:
    """Whether the response begins at `start`; without `Content-Range` it is the whole object."""
    return (content_range or "bytes 0-").startswith(f"bytes {start}-")


def _write_all(file: RawIOBase, batch: bytes) -> int:
    left = memoryview(batch)
    while left:
        left = left[file.write(left) or 0 :]
    return len(batch)
