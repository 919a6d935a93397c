"""A response that sends an event stream."""

import asyncio
from contextlib import aclosing

import structlog
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send
from litestar.types.asgi_types import HTTPResponseBodyEvent, HTTPResponseStartEvent

from domain.use_cases.events.event_stream import EventStream
from entrypoints.http.events.frames import PING, RETRY, frame_of
from entrypoints.http.middleware.head_requests import HEAD_EXTENSION, extensions_of

ABORT_EXTENSION = "telecine.abort"
"""In the `extensions` of a request's scope: `abort` closes the connection without sending what is buffered."""
MEDIA_TYPE = "text/event-stream"

_START: HTTPResponseStartEvent = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),  # nginx would keep back what is less than its buffer.
    ],
}

_logger = structlog.get_logger("telecine.http")


class EventStreamResponse(ASGIResponse):
    """Sends the messages of a stream until it ends, or until its client is gone or has not read for `stall_s`."""

    def __init__(self, stream: EventStream, *, stall_s: float) -> None:
        super().__init__(media_type=MEDIA_TYPE)
        self._stream = stream
        self._stall_s = stall_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream; it is closed however this ends."""
        extensions = extensions_of(scope)
        try:
            await send(_START)
            if HEAD_EXTENSION in extensions:
                await send(_body(b"", more_body=False))
                return
            await self._send_until_gone(receive, send)
        except TimeoutError:
            _logger.warning("event_stream_stalled", after_s=self._stall_s)
            if ABORT_EXTENSION in extensions:
                extensions[ABORT_EXTENSION]["abort"]()
                await _disconnected(receive)  # Else the server logs as an error that the response is incomplete.
        finally:
            self._stream.close()

    async def _send_until_gone(self, receive: Receive, send: Send) -> None:
        watcher = asyncio.create_task(_disconnected(receive))
        watcher.add_done_callback(lambda _: self._stream.disconnect())
        try:
            await self._send(RETRY, send)
            async with aclosing(self._stream.messages()) as messages:
                async for message in messages:
                    frame = frame_of(message)
                    await self._send(PING if frame is None else frame.as_sse(), send)
            await send(_body(b"", more_body=False))
        finally:
            watcher.cancel()

    async def _send(self, chunk: bytes, send: Send) -> None:
        """Send a chunk.

        Raises:
            TimeoutError: the client does not read, and the buffers are full.
        """
        async with asyncio.timeout(self._stall_s):
            await send(_body(chunk, more_body=True))


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _body(chunk: bytes, *, more_body: bool) -> HTTPResponseBodyEvent:
    return {"type": "http.response.body", "body": chunk, "more_body": more_body}
