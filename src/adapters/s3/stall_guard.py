"""Sends requests with a large body: each try restarts from its beginning, and fails when the body stalls."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from adapters.s3.errors import Interrupted

T = TypeVar("T")


class Part(Protocol):
    """A request body that is sent in pieces."""

    @property
    def idle_s(self) -> float:
        """Seconds since the last read or restart."""
        ...

    def seek(self, offset: int, /) -> object:
        """Set where the next try begins."""
        ...


async def send_with_stall_limit(part: Part, call: Callable[[], Awaitable[T]], *, stall_s: float) -> T:
    """The result of the call, which reads the part as its body; an earlier try may have read some of it.

    The HTTP client has time-outs for the connection and the response, but none for a bucket that stops reading.

    Raises:
        Interrupted: nothing was read for `stall_s`, and there was no response.
    """
    part.seek(0)
    response = asyncio.ensure_future(call())
    try:
        while not response.done() and part.idle_s < stall_s:
            await asyncio.wait([response], timeout=stall_s - part.idle_s)
        if response.done():
            return response.result()
        raise Interrupted("The bucket stopped reading the request, and does not respond.", code="storage_unavailable")
    finally:
        await _stop(response)


async def _stop(response: "asyncio.Future[T]") -> None:
    """Stop the call, so that it does not read the part after its owner has closed it."""
    if response.cancel():
        await asyncio.wait([response])
