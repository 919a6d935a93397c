"""Proxies that watch the calls of one method of a port, around any adapter."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, fields
from enum import Enum, auto
from inspect import isawaitable
from typing import Any

from domain.ports.database import Database, UnitOfWork
from domain.ports.progress import OnProgress

STARTED_AFTER_S = 0.003


class Moment(Enum):
    """The moments of one call; calls of a repository also have those of their transaction's commit.

    `STARTED` is a few milliseconds after the start, `DURING` the first report of progress; if the call ends earlier or
    reports no progress, both are at its end.
    """

    BEFORE = auto()
    STARTED = auto()
    DURING = auto()
    AFTER = auto()
    COMMITTING = auto()
    COMMITTED = auto()


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method; `result` is set once it has returned."""

    arguments: tuple[object, ...]
    result: object = None


Watch = Callable[[Moment, Call], None]
"""Called at every moment of every call of the watched method."""


class PortProxy:
    """Wraps any adapter and watches one of its methods; everything else passes through."""

    def __init__(self, adapter: object, method: str, watch: Watch) -> None:
        self._adapter = adapter
        self._method = method
        self._watch = watch

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the adapter has under this name)
        """The adapter's attribute, wrapped if it is the watched method."""
        attribute = getattr(self._adapter, name)
        return _watched(attribute, self._watch) if name == self._method else attribute


class DatabaseProxy(Database):
    """Wraps a database and watches one method of one repository up to the commit."""

    def __init__(self, database: Database, repository: str, method: str, watch: Watch) -> None:
        self._database = database
        self._repository = repository
        self._method = method
        self._watch = watch

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        calls: list[Call] = []
        async with self._database.write() as work:
            yield self._with_proxy(work, calls)
            self._notify(Moment.COMMITTING, calls)
        self._notify(Moment.COMMITTED, calls)

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._database.read()

    async def check(self) -> None:
        await self._database.check()

    def _with_proxy(self, work: UnitOfWork, calls: list[Call]) -> UnitOfWork:
        def record(moment: Moment, call: Call) -> None:
            if moment is Moment.AFTER:
                calls.append(call)

        repositories: dict[str, Any] = {field.name: getattr(work, field.name) for field in fields(work)}
        repositories[self._repository] = PortProxy(repositories[self._repository], self._method, record)
        return UnitOfWork(**repositories)

    def _notify(self, moment: Moment, calls: list[Call]) -> None:
        for call in calls:
            self._watch(moment, call)


def _watched(method: Callable[..., Any], watch: Watch) -> Callable[..., Any]:
    def call_method(*arguments: object, **named: Any) -> object:  # noqa: ANN401 (whatever the method takes)
        call = Call((*arguments, *named.values()))
        watch(Moment.BEFORE, call)
        during = _Once(lambda: watch(Moment.DURING, call))
        if "on_progress" in named:
            named["on_progress"] = _forwarding(named["on_progress"], during)
        result = method(*arguments, **named)
        return _await_result(result, watch, call, during) if isawaitable(result) else result

    return call_method


async def _await_result(pending: Awaitable[object], watch: Watch, call: Call, during: "_Once") -> object:
    started = _Once(lambda: watch(Moment.STARTED, call))
    timer = asyncio.get_running_loop().call_later(STARTED_AFTER_S, started)
    try:
        result = await pending
    finally:
        timer.cancel()
    started()
    during()
    watch(Moment.AFTER, Call(call.arguments, result))
    return result


def _forwarding(on_progress: OnProgress, during: "_Once") -> OnProgress:
    def forward(percent: float) -> None:
        during()
        on_progress(percent)

    return forward


class _Once:
    """Calls `act` the first time only."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._has_acted = False

    def __call__(self) -> None:
        if not self._has_acted:
            self._has_acted = True
            self._act()
