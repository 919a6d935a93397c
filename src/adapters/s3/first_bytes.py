"""Reads the metadata and the first bytes of an object quickly, because a client waits."""

import re
from asyncio import IncompleteReadError
from functools import partial
from http import HTTPStatus
from typing import cast

import aiohttp
from yarl import URL

from adapters.s3.bucket import S3Bucket
from adapters.s3.download import Body, RangeResponse
from adapters.s3.errors import OutOfRange, time_limit
from domain.model.errors import ObjectNotFound, Unavailable
from domain.model.object_key import ObjectKey
from domain.ports.object_store import ObjectInfo, Peek

_FROM_THE_START = re.compile(r"bytes 0-\d+/(\d+)")


async def peek(bucket: S3Bucket, key: ObjectKey, *, length: int) -> Peek:
    """Peek at the object, nearly always by a GET on a signed URL, which takes a fraction of the client's time.

    As with `head`, the client repeats a request without a clear result, because only the client interprets errors.
    """
    async with time_limit(bucket.config.head_timeout_s):
        return await _peek_by_url(bucket, key, length) or await _peek_by_client(bucket, key, length)


async def _peek_by_url(bucket: S3Bucket, key: ObjectKey, length: int) -> Peek | None:
    url = URL(bucket.internal_url("GET", key), encoded=True)
    try:
        async with bucket.http.get(url, headers={"Range": _range(length)}, allow_redirects=False) as response:
            return await _peek_of(key, response, length)
    except (aiohttp.ClientError, IncompleteReadError, TimeoutError):
        return None


async def _peek_of(key: ObjectKey, response: aiohttp.ClientResponse, length: int) -> Peek | None:
    etag, size_bytes = response.headers.get("ETag"), _size(response)
    if not etag or size_bytes is None:
        return None
    first_bytes = await response.content.readexactly(min(length, size_bytes))
    if response.content_length != len(first_bytes):
        response.close()  # The bucket ignores ranges, and the rest may be gigabytes.
    return Peek(ObjectInfo(key, size_bytes, etag), first_bytes)


def _size(response: aiohttp.ClientResponse) -> int | None:
    """The size of the whole object, if the response begins at its first byte."""
    if response.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        return None
    return _total(response.headers.get("Content-Range"), response.content_length)


def _total(content_range: str | None, length: int | None) -> int | None:
    if content_range is None:  # Not by the status: rclone sends ranges with status 200.
        return length
    found = _FROM_THE_START.fullmatch(content_range)
    return int(found[1]) if found else None


async def _peek_by_client(bucket: S3Bucket, key: ObjectKey, length: int) -> Peek:
    try:
        return await bucket.call(partial(_read, bucket, key, length), key)
    except ObjectNotFound:
        await bucket.require_exists()
        raise
    except OutOfRange:
        return await _empty(bucket, key)


async def _read(bucket: S3Bucket, key: ObjectKey, length: int) -> Peek:
    response = await bucket.client.get_object(Bucket=bucket.name, Key=key, Range=_range(length))
    body = cast("Body", response["Body"])
    try:
        size_bytes = _total(response.get("ContentRange"), response["ContentLength"])
        if size_bytes is None:
            raise Unavailable("The bucket does not support range requests.", code="storage_refused")
        range_response = RangeResponse(body, min(length, size_bytes))
        first_bytes = b"".join([batch async for batch in range_response.batches()])
        return Peek(ObjectInfo(key, size_bytes, response["ETag"]), first_bytes)
    finally:
        body.close()


async def _empty(bucket: S3Bucket, key: ObjectKey) -> Peek:
    """An empty object, the only kind that has no such range."""
    info = await bucket.head(key)
    if info.size_bytes:
        raise Unavailable("The object was replaced just now.", code="storage_unavailable")
    return Peek(info, b"")


def _range(length: int) -> str:
    return f"bytes=0-{length - 1}"
