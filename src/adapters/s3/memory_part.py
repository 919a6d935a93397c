"""Sends parts from memory, in slices to a signed URL; the client would copy the whole part."""

import asyncio
import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncGenerator
from functools import partial
from http import HTTPStatus
from time import monotonic

import aiohttp
from yarl import URL

from adapters.s3.bucket import S3Bucket
from adapters.s3.errors import Interrupted, response_error
from adapters.s3.stall_guard import send_with_stall_limit
from domain.model.errors import TelecineError, Unavailable
from domain.model.object_key import ObjectKey

_SLICE_BYTES = 64 * 1024
_ERROR_BYTES = 64 * 1024
_CODE = re.compile(rb"<Code>([A-Za-z0-9]+)</Code>")


class MemoryPart:
    """Bytes as a request body; a repeated request restarts with `seek`."""

    def __init__(self, data: bytes | memoryview) -> None:
        self.size_bytes = len(data)
        self._data = memoryview(data)
        self._touched_at = monotonic()

    @property
    def idle_s(self) -> float:
        """Seconds since the last read or restart."""
        return monotonic() - self._touched_at

    def seek(self, _offset: int, /) -> None:
        """Restart; the body is sent from its beginning."""
        self._touched_at = monotonic()

    async def slices(self) -> AsyncGenerator[bytes]:
        """The bytes in small copies: a socket may still hold a slice when the caller reuses the memory."""
        for start in range(0, self.size_bytes, _SLICE_BYTES):
            self._touched_at = monotonic()
            yield bytes(self._data[start : start + _SLICE_BYTES])
        self._touched_at = monotonic()

    def md5_base64(self) -> str:
        """The digest as in `Content-MD5`, by which the bucket rejects a damaged body; blocks while it is computed."""
        return b64encode(hashlib.md5(self._data, usedforsecurity=False).digest()).decode()


async def put_part(bucket: S3Bucket, key: ObjectKey, query: dict[str, str], data: bytes | memoryview) -> str:
    """Send the part that the query names; returns its ETag."""
    part = MemoryPart(data)
    headers = {
        "content-length": str(part.size_bytes),
        "content-md5": await asyncio.to_thread(part.md5_base64),
    }
    call = partial(_put, bucket, key, query, headers, part)
    return await bucket.call(partial(send_with_stall_limit, part, call, stall_s=bucket.config.stall_timeout_s))


async def _put(
    bucket: S3Bucket, key: ObjectKey, query: dict[str, str], headers: dict[str, str], part: MemoryPart
) -> str:
    url = URL(bucket.internal_url("PUT", key, query=query, headers=headers), encoded=True)
    timeout = aiohttp.ClientTimeout(total=None, connect=bucket.config.connect_timeout_s)
    try:
        async with bucket.http.put(
            url, data=part.slices(), headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            etag = response.headers.get("ETag")
            if response.status == HTTPStatus.OK and etag:
                return etag
            error = _response_error(response.status, await response.content.read(_ERROR_BYTES))
            _drop(response)
            raise error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Interrupted(
            "The bucket could not be reached, or the connection failed.", code="storage_unavailable"
        ) from error


def _drop(response: aiohttp.ClientResponse) -> None:
    """Close the connection at once: a bucket that rejects a part early may never read the rest of it."""
    if response.connection is not None and response.connection.transport is not None:
        response.connection.transport.abort()
    response.close()


def _response_error(status: int, document: bytes) -> TelecineError:
    code = _CODE.search(document)
    error = response_error(status, code[1].decode() if code else "", None)
    if isinstance(error, Unavailable) and error.code == "storage_unavailable":
        return Interrupted(error.detail, code=error.code)  # No client library retries this request.
    return error
