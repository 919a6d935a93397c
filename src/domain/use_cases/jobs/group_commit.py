"""Group commit: concurrent calls share one piece of work."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")

MAX_GROUP_SIZE = 100


class GroupCommit(Generic[T]):
    """Runs one piece of work for many values: calls that arrive while it runs share the next run.

    It belongs to the event loop that calls it. An error is raised to every call that shared the run.
    """

    def __init__(self, work: Callable[[list[T]], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, value: T) -> None:
        """Return when the work for this value is done."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((value, done))
        if self._task is None:
            self._task = asyncio.create_task(self._run_groups())
        await done

    async def _run_groups(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MAX_GROUP_SIZE], self._waiting[MAX_GROUP_SIZE:]
            await self._run(group)
        self._task = None

    async def _run(self, group: list[tuple[T, asyncio.Future[None]]]) -> None:
        outcome: tuple[BaseException | None] = await asyncio.gather(
            self._work([value for value, _ in group]), return_exceptions=True
        )
        (error,) = outcome
        for _, done in group:
            if done.done():
                continue  # The caller was cancelled.
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
