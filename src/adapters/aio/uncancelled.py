"""Runs work to its end even if its caller is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def finish(work: Awaitable[T], *, on_cancel: Callable[[], object] | None = None) -> T:
    """Wait until the work has ended, however often the caller is cancelled, then raise the cancellation.

    Each cancellation calls `on_cancel`, which may ask the work to stop early. An error of the work is raised unchanged;
    after a cancellation it becomes the cause of the `CancelledError`.
    """
    task = asyncio.ensure_future(work)
    cancellation: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancellation = error
            if on_cancel is not None:
                on_cancel()
    if cancellation is not None:
        raise cancellation from None if task.cancelled() else task.exception()
    return task.result()


async def finish_in_thread(work: Callable[[], T], *, on_cancel: Callable[[], object] | None = None) -> T:
    """Do the work in a thread and wait for it as `finish` does, so that the caller can then free its resources."""
    return await finish(asyncio.to_thread(work), on_cancel=on_cancel)
