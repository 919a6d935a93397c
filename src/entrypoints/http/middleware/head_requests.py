"""HEAD for every route that has GET (RFC 9110, section 9.3.2)."""

from typing import Any, cast

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

HEAD_EXTENSION = "telecine.head"
"""In the `extensions` of a request's scope: the client sent HEAD, so a response without end stops at its headers."""


class HeadRequests(ASGIMiddleware):
    """Answers HEAD with the status and headers of GET.

    Requests below `/bucket` are passed on, because the local bucket answers HEAD without reading the object.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass HEAD on as GET, and drop the body of the response."""
        http = cast("HTTPScope", scope)
        if http["method"] != "HEAD" or _is_in_bucket(http["path"]):
            await next_app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # A copy of the scope: the server must still see HEAD, because it then expects no body.
        extensions = {**extensions_of(scope), HEAD_EXTENSION: {}}
        as_get = cast("HTTPScope", {**http, "method": "GET", "extensions": extensions})
        await next_app(as_get, receive, send_without_body)


def extensions_of(scope: Scope) -> dict[str, Any]:
    """The extensions that the server and the middleware offer for this request."""
    return cast("dict[str, Any]", scope).get("extensions") or {}


def _is_in_bucket(path: str) -> bool:
    return path == "/bucket" or path.startswith("/bucket/")
