"""uvicorn's protocols: HTTP/1.1 with a limit on the size of request heads and trailers, and WebSockets that end.

The classes override methods that uvicorn does not document, so pyproject.toml bounds uvicorn's version, and
tests/integration/http/test_protocol.py checks that the installed version calls them.
"""

from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from entrypoints.http.events.message_budget import MessageBudget
from entrypoints.http.events.stream_response import ABORT_EXTENSION

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

MAX_HEAD_BYTES = 64 * 1024

_LINE_OVERHEAD_BYTES = len(": \r\n")


class HeadTooLarge(Exception):
    """Raised in a callback to stop the parser."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """Answers 431 to a request whose URL and headers exceed `MAX_HEAD_BYTES`, and closes the connection.

    Neither this protocol of uvicorn nor its parser httptools has such a limit. Two sizes are counted: the bytes
    that the parser has passed to the callbacks, including trailers; and the bytes received since it last
    started a request, completed the headers or passed on a part of the body, because it keeps an unfinished line in
    memory.
    """

    _head_bytes = 0
    _pending_bytes = 0
    _has_progressed = False
    _has_cycle = False

    def data_received(self, data: bytes) -> None:
        """Feed the parser; reject the head if the parser keeps too much of it."""
        self._has_progressed = False
        super().data_received(data)
        if self._has_progressed or self.transport.is_closing():
            return
        self._pending_bytes += len(data)
        if self._pending_bytes > MAX_HEAD_BYTES:
            self._reject_head()

    def on_message_begin(self) -> None:
        """Start the count of a new request."""
        self._head_bytes = 0
        self._progress()
        super().on_message_begin()
        self.scope["extensions"] = {ABORT_EXTENSION: {"abort": self._abort}}

    def on_url(self, url: bytes) -> None:
        """Count a part of the URL."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header or a trailer."""
        self._count(len(name) + len(value) + _LINE_OVERHEAD_BYTES)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the request; from now on a response may be in progress."""
        self._progress()
        super().on_headers_complete()
        self._has_cycle = True

    def on_body(self, body: bytes) -> None:
        """Reset the count of pending bytes; the size of the body is limited elsewhere."""
        self._progress()
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Answer 431 if a callback stopped the parser, and uvicorn's own 400 if the request is malformed."""
        if self._head_bytes > MAX_HEAD_BYTES:
            self._reject_head()
        else:
            super().send_400_response(msg)

    def _abort(self) -> None:
        """Close the connection without sending what is buffered: a client that does not read would keep it open."""
        self.transport.abort()

    def _progress(self) -> None:
        self._pending_bytes = 0
        self._has_progressed = True

    def _count(self, size_bytes: int) -> None:
        self._head_bytes += size_bytes
        if self._head_bytes > MAX_HEAD_BYTES:
            raise HeadTooLarge

    def _reject_head(self) -> None:
        # Writing a second response into one that is in progress would corrupt it.
        if not self._has_cycle or self.cycle.response_complete:
            self.transport.write(STATUS_LINE[431] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


class EndingWebSocketProtocol(WebSocketsSansIOProtocol):
    """Drops the connection of a client that answers neither a ping nor a close, or that floods the server with pings.

    A client may not read: uvicorn would close its connection only after everything buffered was sent, so never, and
    would buffer a pong for each of its pings.
    """

    _pings: MessageBudget | None = None

    def handle_ping(self) -> None:
        """Answer a ping, unless too many come, or the client does not read the answers."""
        self._pings = self._pings or MessageBudget()
        if not self._pings.allows(self.loop.time()):
            self.transport.abort()
        elif self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # The pong, which is dropped.

    def keepalive_timeout(self) -> None:
        """Close the connection without sending what is buffered."""
        super().keepalive_timeout()
        self.transport.abort()

    async def send(self, message: "ASGISendEvent") -> None:
        """Send a message; the client has `close_timeout` to answer a close."""
        await super().send(message)
        if message["type"] == "websocket.close" and self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)
