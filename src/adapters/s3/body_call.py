"""Requests whose body is a part of something large: begun anew at each try, and given up when they stand still."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from adapters.s3.faults import Interrupted

T = TypeVar("T")


class Part(Protocol):
    """What is sent piece by piece."""

    @property
    def idle_s(self) -> float:
        """For how long nobody has read it or begun again."""
        ...

    def seek(self, offset: int, /) -> object:
        """Let the next try begin there."""
        ...


async def sent_whole(part: Part, call: Callable[[], Awaitable[T]], *, stall_s: float) -> T:
    """The answer to the call, which reads the part as its body; an earlier try may have read some.

    The HTTP client has limits for the way there and for the answer, none for a bucket that stops taking the body.

    Raises:
        Interrupted: for so long nothing was read, and no answer came.
    """
    part.seek(0)
    answer = asyncio.ensure_future(call())
    try:
        while not answer.done() and part.idle_s < stall_s:
            await asyncio.wait([answer], timeout=stall_s - part.idle_s)
        if answer.done():
            return answer.result()
        raise Interrupted("The bucket takes no more of what is sent, and does not answer.", code="storage_unavailable")
    finally:
        await _ended(answer)


async def _ended(answer: "asyncio.Future[T]") -> None:
    """Nothing reads the part once its owner closes it."""
    if answer.cancel():
        await asyncio.wait([answer])
