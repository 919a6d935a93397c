"""The application of a worker: opened on the actors' event loop, swept periodically, drained at shutdown."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, suppress

import structlog
from dramatiq import Broker, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from adapters.aio.outage_log import OutageLog
from domain.model.errors import TelecineError, Unavailable
from domain.use_cases.jobs.sweep_jobs import SweepReport
from domain.use_cases.retention.clean_up import CleanUpReport
from entrypoints.application import Application
from entrypoints.worker.actors import is_unexpected
from entrypoints.worker.fan_out import keep_fanning_out

DRAIN_TIMEOUT_S = 20.0

_logger = structlog.get_logger("telecine.worker")


class ApplicationLifespan(Middleware):
    """Opens and closes the application; must follow `AsyncIO` in the middleware, which starts the event loop.

    With `recovers`, for a worker that is known to be the only one, the start releases every job that its predecessor
    held, even if the lease has not expired.
    """

    def __init__(
        self,
        open_application: Callable[[], AbstractAsyncContextManager[Application]],
        *,
        sweep_every_s: float,
        recovers: bool,
    ) -> None:
        self._open_application = open_application
        self._sweep_every_s = sweep_every_s
        self._recovers = recovers
        self._application: Future[Application] = Future()
        self._closed: Future[None] = Future()
        self._stopping = asyncio.Event()
        self._outage = OutageLog(_logger, began_event="sweep_paused", ended_event="sweep_resumed")
        self._loop: asyncio.AbstractEventLoop | None = None

    def application(self) -> Application:
        """Wait until the application is open, and return it.

        Raises the error that prevented the application from opening.
        """
        return self._application.result()

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Open the application before the first message is processed."""
        thread = get_event_loop_thread()
        if thread is None:
            # Dramatiq only logs errors of its middleware, so `application` has to raise this one.
            self._application.set_exception(RuntimeError("The event loop of the actors did not start."))
            return
        self._loop = thread.loop
        self._closed = asyncio.run_coroutine_threadsafe(self._live(), thread.loop)
        self._application.exception()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Release running jobs and close the application, even if it is still opening."""
        if self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        try:
            self._closed.result(timeout=DRAIN_TIMEOUT_S)
        except TimeoutError:
            _logger.warning("drain_timed_out", after_s=DRAIN_TIMEOUT_S)

    async def _live(self) -> None:
        """Open and close the application in a single task, as some libraries require."""
        try:
            async with self._open_application() as application:
                if self._recovers:
                    _log_sweep(await application.sweep_jobs.recover())
                self._application.set_result(application)
                background = [
                    asyncio.create_task(self._clean_up(application)),
                    asyncio.create_task(self._fan_out(application)),
                ]
                await self._sweep(application)
                await application.run_job.drain()
                for task in background:
                    task.cancel()
                await asyncio.gather(*background, return_exceptions=True)
        except Exception as error:
            if self._application.done():
                _logger.exception("worker_ended_by_error")
                raise
            self._application.set_exception(error)

    async def _sweep(self, application: Application) -> None:
        """Sweep periodically until the worker stops; an error ends one sweep, not the loop."""
        while not self._stopping.is_set():
            try:
                await application.run_job.renew_leases()
                _log_sweep(await application.sweep_jobs())
                self._outage.succeeded()
            except Unavailable as error:
                self._outage.failed(code=error.code, detail=error.detail)
            except Exception:
                _logger.exception("sweep_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._sweep_every_s)

    async def _fan_out(self, application: Application) -> None:
        await keep_fanning_out(application.webhooks.fan_out, application.bus, every_s=self._sweep_every_s)

    async def _clean_up(self, application: Application) -> None:
        """Clean up when due, in a separate task, because listing a large bucket takes long.

        An error that recurs is logged once.
        """
        outage = OutageLog(_logger, began_event="clean_up_failed", level=logging.WARNING)
        while True:
            try:
                _log_clean_up(await application.clean_up.run_due())
                outage.succeeded()
            except TelecineError as error:
                outage.failed(cause=error.code, code=error.code, detail=error.detail)
            except Exception:
                _logger.exception("clean_up_failed")
            await asyncio.sleep(self._sweep_every_s)


def _log_sweep(report: SweepReport) -> None:
    if report.freed or report.buried:
        _logger.warning("sweep", freed=report.freed, buried=report.buried, sent=report.sent)
    for error in report.errors:
        _logger.error("sweep_skipped_job", error=repr(error), exc_info=error if is_unexpected(error) else None)


def _log_clean_up(report: CleanUpReport) -> None:
    orphans = report.orphans
    deleted = report.deleted_keys + report.deleted_events + report.deleted_deliveries
    if deleted or report.expired or orphans.keys or orphans.uploads:
        _logger.info(
            "clean_up",
            expired_uploads=len(report.expired),
            forgotten_idempotency_keys=report.deleted_keys,
            deleted_events=report.deleted_events,
            deleted_deliveries=report.deleted_deliveries,
            orphan_objects=len(orphans.keys),
            orphan_uploads=len(orphans.uploads),
        )
