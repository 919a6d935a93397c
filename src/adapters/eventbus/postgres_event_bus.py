"""The event bus over Postgres (LISTEN and NOTIFY), for an installation without Redis.

A connection pooler that assigns connections to transactions passes no notifications on; the log is then read at its
interval.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeAlias, cast

import asyncpg

from adapters.eventbus.codec import decode
from adapters.eventbus.mailbox import Mailbox
from adapters.eventbus.pauses import PAUSE_S, Pause
from adapters.eventbus.publisher import Publisher
from domain.ports.event_bus import BusMessage, EventBus, EventsWritten

CHANNEL = "telecine_events"
MAX_WAIT_S = 0.5
CONNECT_TIMEOUT_S = 5.0
# A connection is checked this often, because a lost one may report nothing.
CHECK_EVERY_S = 10.0

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
MaybeConnection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | None"
_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


class PostgresEventBus(EventBus):
    """Uses one connection to publish, and one for each subscriber; both are replaced after an error."""

    def __init__(
        self,
        connect: Callable[[], Coroutine[Any, Any, Connection]],
        *,
        pause_s: float = PAUSE_S,
        check_every_s: float = CHECK_EVERY_S,
    ) -> None:
        self._connect = connect
        self._check_every_s = check_every_s
        self._receiving = Pause("postgres", pause_s=pause_s)
        self._sender: MaybeConnection = None
        self._openings: set[asyncio.Task[Connection]] = set()
        self._publisher = Publisher(
            self._notify, Pause("postgres", pause_s=pause_s), max_wait_s=MAX_WAIT_S, errors=_ERRORS
        )

    async def publish(self, message: BusMessage) -> None:
        await self._publisher.publish(message)

    async def _notify(self, text: bytes) -> None:
        sender = self._sender
        if sender is None or sender.is_closed():
            sender = await self._open()
        self._sender = None  # An error or a time limit leaves the connection in an unknown state.
        try:
            await sender.execute("SELECT pg_notify($1, $2)", CHANNEL, text.decode())
        except BaseException:
            sender.terminate()
            raise
        self._sender = sender

    async def close(self) -> None:
        """Drop the connection that publishes, and every connection whose opening was cancelled."""
        if self._openings:
            await asyncio.wait(self._openings)
        if self._sender is not None:
            self._sender.terminate()

    async def _open(self) -> Connection:
        """A new connection. asyncpg leaves the connection of a cancelled attempt open, so the attempt continues."""
        opening = asyncio.create_task(self._connect())
        self._openings.add(opening)
        opening.add_done_callback(self._openings.discard)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_drop)
            raise

    @asynccontextmanager
    async def subscribe(self) -> AsyncGenerator[AsyncIterator[BusMessage]]:
        mailbox = Mailbox()
        listener = await self._listen(mailbox)
        keeper = asyncio.create_task(self._keep_listening(mailbox, listener))
        try:
            yield mailbox
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _listen(self, mailbox: Mailbox) -> MaybeConnection:
        def receive(*notification: object) -> None:
            mailbox.put(decode(str(notification[-1])))

        try:
            connection = await self._open()
        except _ERRORS as error:
            self._receiving.failed(error)
            return None
        try:
            await connection.add_listener(CHANNEL, receive)
        except _ERRORS as error:
            self._receiving.failed(error)
            connection.terminate()
            return None
        except asyncio.CancelledError:
            connection.terminate()
            raise
        self._receiving.succeeded()
        return connection

    async def _keep_listening(self, mailbox: Mailbox, listener: MaybeConnection) -> None:
        """Replace the listening connection whenever it is lost, until the task is cancelled."""
        try:
            while True:
                if listener is not None:
                    await self._until_lost(listener)
                    listener.terminate()
                await asyncio.sleep(self._receiving.pause_s)
                listener = await self._listen(mailbox)
                if listener is not None:
                    mailbox.put(EventsWritten())
        finally:
            if listener is not None:
                listener.terminate()

    async def _until_lost(self, listener: Connection) -> None:
        lost = asyncio.Event()

        def note(*_: object) -> None:
            lost.set()

        listener.add_termination_listener(note)
        while not listener.is_closed() and not lost.is_set():
            try:
                async with asyncio.timeout(self._check_every_s):
                    await lost.wait()
            except TimeoutError:
                try:
                    await listener.execute("SELECT 1", timeout=self._check_every_s)
                except _ERRORS as error:
                    self._receiving.failed(error)
                    return


def _drop(opening: "asyncio.Task[Connection]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().terminate()


@asynccontextmanager
async def postgres_event_bus(
    dsn: str, *, pause_s: float = PAUSE_S, check_every_s: float = CHECK_EVERY_S
) -> AsyncGenerator[PostgresEventBus]:
    """An event bus for the running event loop; Postgres may still be unavailable when it opens."""
    connect = partial(
        cast("Callable[..., Coroutine[Any, Any, Connection]]", asyncpg.connect),
        dsn,
        timeout=CONNECT_TIMEOUT_S,
        server_settings={"application_name": "telecine events"},
    )
    bus = PostgresEventBus(connect, pause_s=pause_s, check_every_s=check_every_s)
    try:
        yield bus
    finally:
        await bus.close()
