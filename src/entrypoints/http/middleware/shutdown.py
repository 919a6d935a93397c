"""The response to requests that are still running when the server stops."""

import asyncio

import structlog
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from domain.model.errors import Unavailable
from entrypoints.http.errors.problems import headers_of
from entrypoints.http.local_bucket.responses import send_problem

_STOPPING = Unavailable("The server is stopping; try again.", code="stopping")

_logger = structlog.get_logger("telecine.http")


class ShutdownResponse(ASGIMiddleware):
    """Answers 503 when the server stops before a request, such as a long upload, has ended.

    The cancellation is not raised further: the server does not wait for it, and would log it as an error with a
    traceback.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Serve the request, or answer 503 if it is cancelled before its response has started."""
        has_started = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await next_app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            _logger.info("request_cut_off", has_answered=has_started)
            if not has_started:
                await send_problem(send, _STOPPING, {**headers_of(_STOPPING), "Connection": "close"})
