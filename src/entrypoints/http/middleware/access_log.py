"""One log line per request, with its id and without secrets."""

from http import HTTPStatus
from time import perf_counter
from typing import cast
from urllib.parse import quote
from uuid import uuid4

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

REQUEST_ID_HEADER = "x-request-id"

_logger = structlog.get_logger("telecine.http")


class AccessLog(ASGIMiddleware):
    """Gives each request an id, and logs its status and duration.

    Only the path of the URL is logged, because queries contain signatures. It is percent-encoded, because terminals
    interpret control characters.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Serve the request, with its id in every log line and in the response."""
        request_id, started_at = str(uuid4()), perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableScopeHeaders.from_message(message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        # Each request runs in a separate context. The path is read here because a mounted route shortens it.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            request_id=request_id, method=cast("HTTPScope", scope)["method"], path=quote(scope["path"])
        )
        try:
            await next_app(scope, receive, send_with_id)
        finally:
            milliseconds = round((perf_counter() - started_at) * 1000, 1)
            log = _logger.warning if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _logger.info
            log("request", status=status, duration_ms=milliseconds)
