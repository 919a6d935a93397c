"""Work whose cost is shared by those who ask for it at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")

MAX_TOGETHER = 100


class Together(Generic[T]):
    """Does one piece of work for many values: who comes while it is under way is in the next.

    Belongs to the event loop that calls it. An error is everybody's who shared the work.
    """

    def __init__(self, work: Callable[[list[T]], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, value: T) -> None:
        """Return when the work for this value, and those that came with it, is done."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((value, done))
        if self._working is None:
            self._working = asyncio.create_task(self._work_off())
        await done

    async def _work_off(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:MAX_TOGETHER], self._waiting[MAX_TOGETHER:]
            await self._work_for(together)
        self._working = None

    async def _work_for(self, together: list[tuple[T, asyncio.Future[None]]]) -> None:
        outcome: tuple[BaseException | None] = await asyncio.gather(
            self._work([value for value, _ in together]), return_exceptions=True
        )
        (error,) = outcome
        for _, done in together:
            if done.done():
                continue  # Who waited has gone.
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
