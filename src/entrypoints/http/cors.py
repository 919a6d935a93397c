"""What pages of other origins may do with the API (CORS, in the Fetch standard)."""

from http import HTTPStatus
from typing import cast

from litestar import Litestar
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from entrypoints.application import Application

METHODS = "GET, HEAD, POST, PUT, DELETE"
ALLOWED_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID"
EXPOSED_HEADERS = (
    "Deprecation, ETag, Idempotency-Replayed, Link, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
    "Retry-After, Sunset, X-Request-Id"
)
MAX_AGE_S = 7200  # Chromium remembers no answer for longer.


class Cors(ASGIMiddleware):
    """Lets the pages of allowed origins call the API and read every answer, refusals and faults included.

    A page sends its token itself: cookies mean nothing here, so credentials are never allowed, for no origin. The
    bucket is not the API's: its signed URLs are for any page.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer a preflight, or serve the request and say in the answer who may read it."""
        http = cast("HTTPScope", scope)
        allowed = _allowed_origins(http) if http["path"].startswith("/api/") else frozenset[str]()
        if not allowed:
            await next_app(scope, receive, send)
            return
        headers = Headers.from_scope(scope)
        origin = headers.get("origin", "")
        if origin in allowed and http["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(origin)(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                _mark(MutableScopeHeaders.from_message(message), origin if origin in allowed else None)
            await send(message)

        await next_app(scope, receive, send_marked)


def _allowed_origins(scope: HTTPScope) -> frozenset[str]:
    application: Application = Litestar.from_scope(scope).state["application"]
    return application.options.cors_allowed_origins


def _preflight(origin: str) -> ASGIResponse:
    return ASGIResponse(
        status_code=HTTPStatus.NO_CONTENT,
        headers={
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": ALLOWED_HEADERS,
            "Access-Control-Max-Age": str(MAX_AGE_S),
            "Vary": "Origin",
        },
    )


def _mark(headers: MutableScopeHeaders, origin: str | None) -> None:
    """Name the origin that may read the answer; a cache must know that others get another one."""
    headers.extend_header_value("Vary", "Origin")
    if origin is not None:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
