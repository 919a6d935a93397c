"""HEAD wherever there is GET (RFC 9110, section 9.3.2)."""

from typing import cast

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send


class HeadAsGet(ASGIMiddleware):
    """Answers HEAD with the status and headers of GET.

    Not in the bucket: there the method is part of the signature, and a body is not read to be thrown away.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let the routes see a GET, and drop the body."""
        http = cast("HTTPScope", scope)
        if http["method"] != "HEAD" or _is_in_bucket(http["path"]):
            await next_app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # A copy: the server must still know that no body will follow.
        await next_app(cast("HTTPScope", {**http, "method": "GET"}), receive, send_without_body)


def _is_in_bucket(path: str) -> bool:
    return path == "/bucket" or path.startswith("/bucket/")
