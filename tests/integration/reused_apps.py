"""Litestar applications that one test after the other uses, because building one takes longer than most tests."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar

from entrypoints.application import Application
from entrypoints.http.app import create_app
from entrypoints.http.operations.metrics import Metrics

OpenApplication = Callable[[], AbstractAsyncContextManager[Application]]


class _Reused:
    """An API whose use cases are replaced before each start."""

    def __init__(self, open_application: OpenApplication) -> None:
        self.open_application = open_application
        self.app = create_app(self._open)

    def _open(self) -> AbstractAsyncContextManager[Application]:
        return self.open_application()


_IDLE: list[_Reused] = []


@asynccontextmanager
async def running_app(open_application: OpenApplication) -> AsyncGenerator[Litestar]:
    """An API that serves the opened application until the block ends.

    It has the metrics and the application of this block only. An API is not used again after a block that failed.
    """
    reused = _IDLE.pop() if _IDLE else _Reused(open_application)
    reused.open_application = open_application
    reused.app.state["metrics"] = Metrics()
    async with reused.app.lifespan():
        yield reused.app
    del reused.app.state["application"]
    _IDLE.append(reused)
