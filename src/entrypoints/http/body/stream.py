"""The body of a request as a stream, for routes that pass it on."""

from collections.abc import AsyncGenerator

from litestar.types import Receive


async def body_chunks(receive: Receive) -> AsyncGenerator[bytes]:
    """The body's chunks; if the client disconnects, the stream ends early, without an error."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        # ASGI allows a server to omit both keys.
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return
