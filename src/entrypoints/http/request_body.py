"""A request's body as it comes, for routes that hand it on."""

from collections.abc import AsyncGenerator

from litestar.types import Receive


async def body_of(receive: Receive) -> AsyncGenerator[bytes]:
    """The body's chunks; when the client goes away it ends early, and is too short."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        # Both may be left out, says ASGI.
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return
