"""HTTP/1.1 as uvicorn speaks it, with a limit on what comes before and between bodies."""

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024

_LINE_OVERHEAD_BYTES = len(": \r\n")


class HeadTooLarge(Exception):
    """Stops the parser."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """Answers 431 to a request whose first line and headers are too large.

    Neither uvicorn nor its parser has such a limit. Two counts are kept: of what the parser has handed over, trailers
    included, and of what it was fed since it last came to an end of something, since it keeps a line until its end.
    """

    _head_bytes = 0
    _pending_bytes = 0
    _has_advanced = False
    _has_cycle = False

    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        self._has_advanced = False
        super().data_received(data)
        if self._has_advanced or self.transport.is_closing():
            return
        self._pending_bytes += len(data)
        if self._pending_bytes > MAX_HEAD_BYTES:
            self._refuse_head()

    def on_message_begin(self) -> None:
        """Count anew."""
        self._head_bytes = 0
        self._advance()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a piece of the request's URL."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header or trailer."""
        self._count(len(name) + len(value) + _LINE_OVERHEAD_BYTES)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to serve the request."""
        self._advance()
        super().on_headers_complete()
        self._has_cycle = True

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._advance()
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser could not take, or was not let take."""
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse_head()
        else:
            super().send_400_response(msg)

    def _advance(self) -> None:
        self._pending_bytes = 0
        self._has_advanced = True

    def _count(self, size_bytes: int) -> None:
        self._head_bytes += size_bytes
        if self._head_bytes > MAX_HEAD_BYTES:
            raise HeadTooLarge

    def _refuse_head(self) -> None:
        # An answer that is under way must not get another one into its middle.
        if not self._has_cycle or self.cycle.response_complete:
            self.transport.write(STATUS_LINE[431] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()
