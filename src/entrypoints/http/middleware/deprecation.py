"""Deprecation headers of the proxied upload, and draining of rejected bodies."""

import asyncio
from contextlib import aclosing, suppress
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from http import HTTPStatus

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send, WebSocketReceiveMessage

from entrypoints.http.body.stream import body_chunks
from entrypoints.http.dependencies import application_of

DEPRECATED_ON = date(2026, 11, 22)
SUCCESSOR = "/api/videos/upload/presigned"

DRAIN_S = 5.0
DRAIN_BYTES = 64 * 1024 * 1024


class DeprecationHeaders(ASGIMiddleware):
    """Adds the deprecation date, the sunset date and the successor to every response (RFC 9745, RFC 8594).

    The rest of a rejected form is read and dropped, for at most `DRAIN_S` and `DRAIN_BYTES`: many older clients send
    the whole form before they read the response, and would see a connection reset instead. The connection is then
    closed.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Serve the request, and add the headers to the response."""
        options = application_of(Request(scope)).options
        is_read = _expects_continue(scope)

        async def receive_noted() -> HTTPReceiveMessage | WebSocketReceiveMessage:
            nonlocal is_read
            message = await receive()
            is_read = is_read or message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers["Deprecation"] = f"@{_midnight(DEPRECATED_ON).timestamp():.0f}"
                headers["Sunset"] = format_datetime(_midnight(options.proxied_upload_sunset), usegmt=True)
                headers["Link"] = f'<{SUCCESSOR}>; rel="successor-version"'
                if message["status"] >= HTTPStatus.BAD_REQUEST:
                    headers["Connection"] = "close"
                    if not is_read:
                        await _drain(receive)
            await send(message)

        await next_app(scope, receive_noted, send_marked)


def _expects_continue(scope: Scope) -> bool:
    """Whether the request has an `Expect` header; reading its body would make the server request the body first."""
    return any(name == b"expect" for name, _ in scope["headers"])


async def _drain(receive: Receive) -> None:
    remaining_bytes = DRAIN_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S), aclosing(body_chunks(receive)) as chunks:
            while remaining_bytes > 0 and (chunk := await anext(chunks, b"")):
                remaining_bytes -= len(chunk)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
