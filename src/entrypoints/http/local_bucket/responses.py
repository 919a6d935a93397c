"""The local bucket's responses as ASGI messages: headers, problems, and files sent in bounded memory."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from os import fstat
from pathlib import Path
from typing import BinaryIO

import msgspec
from litestar.types import Receive, Send
from litestar.types.asgi_types import HTTPResponseBodyEvent, HTTPResponseStartEvent

from domain.model.errors import ObjectNotFound, TelecineError, Unavailable
from domain.ports.bucket_gateway import ServedObject
from entrypoints.http.errors.problems import MEDIA_TYPE, problem_of
from entrypoints.http.local_bucket.byte_ranges import ByteRange

_CHUNK_BYTES = 256 * 1024

# A page of any origin may use a presigned URL, because its signature, not a cookie, grants access.
_COMMON_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Accept-Ranges, Content-Range, Content-Length",
    "X-Content-Type-Options": "nosniff",
}


async def send_empty(send: Send, status: HTTPStatus, headers: Mapping[str, str]) -> None:
    """Answer without a body; for HEAD, `Content-Length` is the length of the body that GET would return."""
    await _send_start(send, status, headers)
    await _send_body(send, b"", more_body=False)


async def send_problem(send: Send, error: TelecineError, headers: Mapping[str, str]) -> None:
    """Answer with the error as `application/problem+json` (RFC 9457)."""
    problem = problem_of(error)
    body = msgspec.json.encode(problem)
    described = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body))}
    status = HTTPStatus(problem.status)
    await _send_start(send, status, {**described, **headers})
    await _send_body(send, body, more_body=False)


async def send_bytes(
    send: Send, receive: Receive, file: BinaryIO, span: ByteRange, status: HTTPStatus, headers: Mapping[str, str]
) -> None:
    """Answer with these bytes of an open file; reading stops once the client has disconnected."""
    await _send_start(send, status, {**headers, "Content-Length": str(span.size_bytes)})
    disconnected = asyncio.create_task(_wait_for_disconnect(receive))
    try:
        await asyncio.to_thread(file.seek, span.first)
        remaining_bytes = span.size_bytes
        while remaining_bytes and not disconnected.done():
            chunk = await asyncio.to_thread(file.read, min(_CHUNK_BYTES, remaining_bytes))
            if not chunk:
                raise OSError("The object was truncated while it was being sent")
            remaining_bytes -= len(chunk)
            await _send_body(send, chunk, more_body=remaining_bytes > 0)
    finally:
        disconnected.cancel()


@asynccontextmanager
async def open_served(served: ServedObject) -> AsyncGenerator[BinaryIO]:
    """Open the object to be served, and check that its size is the one that was described.

    Raises:
        ObjectNotFound: the object was deleted in the meantime.
        Unavailable: the object was replaced in the meantime, or cannot be read.
    """
    try:
        file = await asyncio.to_thread(Path.open, served.path, "rb")
    except FileNotFoundError as error:
        raise ObjectNotFound(served.info.key) from error
    except OSError as error:
        raise Unavailable("The object cannot be read.") from error
    try:
        if fstat(file.fileno()).st_size != served.info.size_bytes:
            raise Unavailable("The object was replaced while it was being opened.")
        yield file
    finally:
        # Closing the last handle of a deleted file waits for the disk, so it must not run on the event loop.
        await asyncio.shield(asyncio.to_thread(file.close))


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_start(send: Send, status: HTTPStatus, headers: Mapping[str, str]) -> None:
    all_headers = {**_COMMON_HEADERS, **headers}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in all_headers.items()]
    event: HTTPResponseStartEvent = {"type": "http.response.start", "status": status.value, "headers": encoded}
    await send(event)


async def _send_body(send: Send, body: bytes, *, more_body: bool) -> None:
    event: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": more_body}
    await send(event)
