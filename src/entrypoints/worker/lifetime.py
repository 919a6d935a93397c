"""A worker's application: opened on the actors' event loop, kept tidy by the sweep, drained at the end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager

import structlog
from dramatiq import Broker, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from domain.model.errors import Unavailable
from entrypoints.application import Application

DRAIN_TIMEOUT_S = 20.0

_logger = structlog.get_logger("telecine.worker")


class ApplicationLifetime(Middleware):
    """Stands after `AsyncIO` in the middleware, so its event loop is there when the application opens."""

    def __init__(
        self, open_application: Callable[[], AbstractAsyncContextManager[Application]], *, sweep_every_s: float
    ) -> None:
        self._open_application = open_application
        self._sweep_every_s = sweep_every_s
        self._opened: Future[Application] = Future()
        self._ended: Future[None] | None = None
        self._stop: Callable[[], object] = lambda: None

    def application(self) -> Application:
        """The use cases, once they are ready.

        Raises whatever kept the application from opening.
        """
        return self._opened.result()

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Open the application before the first message is taken."""
        thread = get_event_loop_thread()
        if thread is None:
            raise RuntimeError("The AsyncIO middleware must come before this one.")
        self._ended = asyncio.run_coroutine_threadsafe(self._live(), thread.loop)
        self._opened.exception()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Give running jobs back, then close the application."""
        if self._ended is not None:
            self._stop()
            self._ended.exception(timeout=DRAIN_TIMEOUT_S)

    async def _live(self) -> None:
        """One task opens and closes everything, as some libraries demand."""
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(stopping.set)
        try:
            async with self._open_application() as application:
                await application.sweep_jobs.recover()
                self._opened.set_result(application)
                await self._sweep(application, stopping)
                await application.run_job.drain()
        except Exception as error:
            if self._opened.done():
                raise
            self._opened.set_exception(error)

    async def _sweep(self, application: Application, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                report = await application.sweep_jobs()
            except Unavailable as error:
                _logger.warning("sweep_failed", code=error.code, detail=error.detail)
            else:
                if report.freed or report.buried:
                    _logger.warning("sweep", freed=report.freed, buried=report.buried, sent=report.sent)
            try:
                await asyncio.wait_for(stopping.wait(), self._sweep_every_s)
            except TimeoutError:
                continue
