"""The limit on request heads and trailers, over real sockets, and the parts of uvicorn that it depends on."""

import asyncio
import inspect
import socket
import tomllib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from entrypoints.http.server_protocol import MAX_HEAD_BYTES, BoundedHttpProtocol

pytestmark = pytest.mark.anyio

MEBIBYTE = 1024 * 1024
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
CLOSING = b"Connection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"


async def echo(_scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI)
    """Send the body back, once it is complete."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def connected(
    protocol: type[BoundedHttpProtocol] = BoundedHttpProtocol,
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a server with this protocol."""
    config = uvicorn.Config(echo, http=protocol, ws="none", lifespan="off", log_config=None)
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


async def answer_to(request: bytes, protocol: type[BoundedHttpProtocol] = BoundedHttpProtocol) -> bytes:
    """Everything that the server sends until it closes the connection."""
    async with connected(protocol) as (reader, writer):
        writer.write(request)
        async with asyncio.timeout(60):
            return await reader.read()


async def sent_before_the_end(opening: bytes, piece: bytes) -> int:
    """The number of bytes that can be sent before the server closes the connection, at most 64 MiB."""
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


async def test_a_head_below_the_limit_passes() -> None:
    """A header just below the limit, in two requests on the same connection: each has its own count."""
    large = b"X-Large: " + b"x" * (MAX_HEAD_BYTES - 1000) + b"\r\n"
    answer = await answer_to(GET + large + b"\r\n" + GET + large + CLOSING)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 2


async def test_a_large_body_is_not_counted() -> None:
    """Neither with a Content-Length nor in chunks."""
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
    """The server answers 431 (RFC 6585) and closes the connection."""
    answer = await answer_to(request_head)
    assert answer.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"connection: close\r\n" in answer


async def test_malformed_http_is_a_bad_request() -> None:
    """The response is uvicorn's own."""
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
async def test_an_endless_head_is_not_kept_in_memory(opening: bytes, piece: bytes) -> None:
    """The server closes the connection; bytes sent beyond the limit were in the buffers of the sockets."""
    assert await sent_before_the_end(opening, piece) < 16 * MEBIBYTE


class RecordingTransport(asyncio.Transport):
    """A connection that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 8000), "peername": ("127.0.0.1", 50_000)})
        self.written = b""
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep the data."""
        self.written += data

    def close(self) -> None:
        """Close the connection."""
        self.is_closed = True

    def is_closing(self) -> bool:
        """Whether the protocol has closed the connection."""
        return self.is_closed


@pytest.mark.parametrize(("request_head", "is_answered"), [(GET + b"X: ", True), (POST + b"0\r\nX: ", False)])
async def test_a_response_under_way_gets_no_second_one(request_head: bytes, *, is_answered: bool) -> None:
    """When a trailer exceeds the limit the request is already being served: the connection closes without a 431."""
    config = uvicorn.Config(echo, http=BoundedHttpProtocol, ws="none", lifespan="off", log_config=None)
    transport, state = RecordingTransport(), ServerState()
    protocol = BoundedHttpProtocol(config, state, {})
    protocol.connection_made(transport)
    protocol.data_received(request_head)
    protocol.data_received(b"y" * (MAX_HEAD_BYTES + 1))
    protocol.connection_lost(None)
    await asyncio.gather(*state.tasks)

    assert transport.written.startswith(b"HTTP/1.1 431 ") is is_answered
    assert (bool(transport.written), transport.is_closed) == (is_answered, True)


def test_overridden_methods_exist_in_uvicorn() -> None:
    """A method that uvicorn renames would leave the limit without effect, and without an error."""
    overridden = {
        name: method
        for name, method in vars(BoundedHttpProtocol).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }
    assert overridden.keys() == {
        *("data_received", "on_message_begin", "on_url", "on_header"),
        *("on_headers_complete", "on_body", "send_400_response"),
    }
    for name, method in overridden.items():
        expected = inspect.signature(getattr(HttpToolsProtocol, name)).parameters.keys()
        assert inspect.signature(method).parameters.keys() == expected, name
    assert STATUS_LINE[431].endswith(b" 431 Request Header Fields Too Large\r\n")


async def test_uvicorn_calls_the_overridden_methods_in_order() -> None:
    """The counts depend on it; so does the check whether a response is under way, on `cycle.response_complete`."""
    calls: list[str] = []
    completed: list[bool] = []

    class Recording(BoundedHttpProtocol):
        def on_message_begin(self) -> None:
            if calls:
                completed.append(self.cycle.response_complete)
            calls.append("begin")
            super().on_message_begin()

        def on_url(self, url: bytes) -> None:
            calls.append(f"url {url.decode()}")
            super().on_url(url)

        def on_header(self, name: bytes, value: bytes) -> None:
            calls.append(f"header {name.decode()}")
            super().on_header(name, value)

        def on_headers_complete(self) -> None:
            calls.append("headers complete")
            super().on_headers_complete()
            completed.append(self.cycle.response_complete)

        def on_body(self, body: bytes) -> None:
            calls.append(f"body {body.decode()}")
            super().on_body(body)

        def send_400_response(self, msg: str) -> None:
            calls.append("malformed")
            super().send_400_response(msg)

    async with connected(Recording) as (reader, writer):
        writer.write(POST + b"0\r\nTrailer: x\r\n\r\n")
        async with asyncio.timeout(60):
            await reader.readuntil(b"\r\n\r\nx")
            writer.write(b"GET /next HTTP/1.1\r\nno header\r\n\r\n")
            await reader.read()
    assert calls == [
        *("begin", "url /", "header Host", "header Transfer-Encoding", "headers complete", "body x", "header Trailer"),
        *("begin", "url /next", "malformed"),
    ]
    assert completed == [False, True]


def test_the_version_of_uvicorn_is_bounded() -> None:
    """A new minor version is tried here before an installation can get it."""
    pyproject = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    (requirement,) = [each for each in pyproject["project"]["dependencies"] if each.startswith("uvicorn")]
    assert ",<" in requirement
