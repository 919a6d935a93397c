"""Cross-origin requests to the API (CORS, in the Fetch standard).

Litestar's middleware is not used. It sets no `Vary` on a response to a request without `Origin` or from another origin,
so a cache could serve that response to an allowed page; it replaces a `Vary` that a route has set; and it answers every
OPTIONS request with an `Origin`, even if it is not a preflight.
"""

from http import HTTPStatus
from typing import cast

from litestar import Litestar
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from entrypoints.application import Application

METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
ALLOWED_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID"
EXPOSED_HEADERS = (
    "Deprecation, ETag, Idempotency-Replayed, Link, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
    "Retry-After, Sunset, X-Request-Id"
)
MAX_AGE_S = 7200  # Chromium's maximum.


class Cors(ASGIMiddleware):
    """Lets pages of the allowed origins call paths below `/api/` and read every response, errors included.

    Credentials are never allowed: the API uses no cookies, and a page sends its token in a header. The local bucket
    sets its own headers, because its signed URLs may be used by a page of any origin.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer a preflight; serve any other request, and name in the response the origin that may read it."""
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

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableScopeHeaders.from_message(message), origin if origin in allowed else None)
            await send(message)

        await next_app(scope, receive, send_with_origin)


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


def _add_headers(headers: MutableScopeHeaders, origin: str | None) -> None:
    """Name the origin that may read the response; `Vary` tells caches that the response depends on it."""
    headers.extend_header_value("Vary", "Origin")
    if origin is not None:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
