"""The first bytes of an object, and what it is: asked for when a client waits."""

import re
from asyncio import IncompleteReadError
from functools import partial
from http import HTTPStatus
from typing import cast

import aiohttp
from yarl import URL

from adapters.s3.bucket import S3Bucket
from adapters.s3.download import Body, RangeAnswer
from adapters.s3.faults import OutOfRange, answered_within
from domain.model.errors import ObjectNotFound, Unavailable
from domain.model.object_key import ObjectKey
from domain.ports.object_store import ObjectInfo, Peek

_FROM_THE_START = re.compile(r"bytes 0-\d+/(\d+)")


async def peek(bucket: S3Bucket, key: ObjectKey, *, length: int) -> Peek:
    """What is under the key, at best by a signed URL, which costs a fraction of the client's work.

    As with `head`, whatever is not plainly the answer is left to the client, with all it knows of errors.
    """
    async with answered_within(bucket.config.head_timeout_s):
        return await _seen(bucket, key, length) or await _asked_for(bucket, key, length)


async def _seen(bucket: S3Bucket, key: ObjectKey, length: int) -> Peek | None:
    url = URL(bucket.own_url("GET", key), encoded=True)
    try:
        async with bucket.http.get(url, headers={"Range": _range(length)}, allow_redirects=False) as answer:
            return await _peek_of(key, answer, length)
    except (aiohttp.ClientError, IncompleteReadError, TimeoutError):
        return None


async def _peek_of(key: ObjectKey, answer: aiohttp.ClientResponse, length: int) -> Peek | None:
    etag, size_bytes = answer.headers.get("ETag"), _size(answer)
    if not etag or size_bytes is None:
        return None
    first_bytes = await answer.content.readexactly(min(length, size_bytes))
    if answer.content_length != len(first_bytes):
        answer.close()  # The bucket takes no notice of ranges, and the rest may be gigabytes.
    return Peek(ObjectInfo(key, size_bytes, etag), first_bytes)


def _size(answer: aiohttp.ClientResponse) -> int | None:
    """The size of the whole object, if the answer begins where it does."""
    if answer.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        return None
    return _total(answer.headers.get("Content-Range"), answer.content_length)


def _total(content_range: str | None, length: int | None) -> int | None:
    if content_range is None:  # Not the status: rclone sends ranges under 200.
        return length
    found = _FROM_THE_START.fullmatch(content_range)
    return int(found[1]) if found else None


async def _asked_for(bucket: S3Bucket, key: ObjectKey, length: int) -> Peek:
    try:
        return await bucket.ask(partial(_read, bucket, key, length), key)
    except ObjectNotFound:
        await bucket.see()
        raise
    except OutOfRange:
        return await _empty(bucket, key)


async def _read(bucket: S3Bucket, key: ObjectKey, length: int) -> Peek:
    answer = await bucket.client.get_object(Bucket=bucket.name, Key=key, Range=_range(length))
    body = cast("Body", answer["Body"])
    try:
        size_bytes = _total(answer.get("ContentRange"), answer["ContentLength"])
        if size_bytes is None:
            raise Unavailable("The bucket can't send ranges.", code="storage_refused")
        range_answer = RangeAnswer(body, min(length, size_bytes))
        first_bytes = b"".join([batch async for batch in range_answer.batches()])
        return Peek(ObjectInfo(key, size_bytes, answer["ETag"]), first_bytes)
    finally:
        body.close()


async def _empty(bucket: S3Bucket, key: ObjectKey) -> Peek:
    """An object without a first byte; only such a one has no such range."""
    info = await bucket.head(key)
    if info.size_bytes:
        raise Unavailable("The object was replaced just now.", code="storage_unavailable")
    return Peek(info, b"")


def _range(length: int) -> str:
    return f"bytes=0-{length - 1}"
