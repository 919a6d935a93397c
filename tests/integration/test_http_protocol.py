"""What the server accepts before it has parsed a request, over real sockets."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from entrypoints.http.protocol import MAX_HEAD_BYTES, BoundedHttpProtocol

pytestmark = pytest.mark.anyio

MEBIBYTE = 1024 * 1024
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
CLOSING = b"Connection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"


async def echo(_scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI)
    """Respond with the body, once all of it has arrived."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def connected() -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a server with our protocol class."""
    config = uvicorn.Config(echo, http=BoundedHttpProtocol, ws="none", lifespan="off", log_config=None)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await server.startup(sockets=[listening])
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            yield reader, writer
        finally:
            writer.close()
            await server.shutdown()


async def answer_to(request: bytes) -> bytes:
    """The complete response."""
    async with connected() as (reader, writer):
        writer.write(request)
        async with asyncio.timeout(10):
            return await reader.read()


async def sent_before_the_end(opening: bytes, piece: bytes) -> int:
    """The number of bytes sent before the server closes the connection, at most 64 MiB."""
    async with connected() as (_, writer):
        writer.write(opening)
        sent_bytes = 0
        try:
            while sent_bytes < 64 * MEBIBYTE:
                writer.write(piece)
                await writer.drain()
                sent_bytes += len(piece)
        except ConnectionError:
            pass
    return sent_bytes


async def test_a_usual_head_passes() -> None:
    """One header just below the limit, and the next request on the same connection too."""
    large = b"X-Large: " + b"x" * (MAX_HEAD_BYTES - 1000) + b"\r\n"
    answer = await answer_to(GET + large + b"\r\n" + GET + large + CLOSING)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 2


async def test_a_large_body_is_no_head() -> None:
    """With a length or chunked."""
    body = b"x" * MEBIBYTE
    with_length = await answer_to(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n" % MEBIBYTE + CLOSING + body)
    chunks = POST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1) + b"100000\r\n" + body + b"\r\n0\r\n\r\n"
    assert with_length.endswith(b"\r\n\r\n" + body)
    assert (await answer_to(chunks)).endswith(b"\r\n\r\nx" + body)


@pytest.mark.parametrize(
    "request_head",
    [
        pytest.param(GET + b"X: y\r\n" * 14_000, id="many headers"),
        pytest.param(GET + b"X: " + b"y" * MAX_HEAD_BYTES + b"\r\n\r\n", id="a long header"),
        pytest.param(b"GET /" + b"x" * MAX_HEAD_BYTES, id="a long URL"),
    ],
)
async def test_a_head_that_is_too_large_is_refused(request_head: bytes) -> None:
    """431 (RFC 6585), and the connection is closed."""
    answer = await answer_to(request_head)
    assert answer.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"connection: close\r\n" in answer


async def test_invalid_http_is_a_bad_request() -> None:
    """The regular response of uvicorn."""
    assert (await answer_to(b"nonsense\r\n\r\n")).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("opening", "piece"),
    [
        pytest.param(GET, b"X: y\r\n" * 1000, id="headers without end"),
        pytest.param(GET + b"X: ", b"y" * 6000, id="a value without end"),
        pytest.param(GET, b"y" * 6000, id="a name without end"),
        pytest.param(POST + b"0\r\n", b"X: y\r\n" * 1000, id="trailers without end"),
        pytest.param(POST + b"0\r\nX: ", b"y" * 6000, id="a trailer without end"),
    ],
)
async def test_an_endless_head_is_not_kept(opening: bytes, piece: bytes) -> None:
    """The server closes the connection; the rest was in socket buffers."""
    assert await sent_before_the_end(opening, piece) < 16 * MEBIBYTE
