"""A database in memory, with real transactions: one writer at a time, and rollback that drops the writes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from adapters.fakes.event_log import InMemoryEventLog
from adapters.fakes.idempotency_repository import InMemoryIdempotencyRepository
from adapters.fakes.job_repository import InMemoryJobRepository
from adapters.fakes.operations_repository import InMemoryOperationsRepository
from adapters.fakes.playback_token_repository import InMemoryPlaybackTokenRepository
from adapters.fakes.schedule_repository import InMemoryScheduleRepository
from adapters.fakes.tables import Tables
from adapters.fakes.ticket_repository import InMemoryTicketRepository
from adapters.fakes.transcript_index import InMemoryTranscriptIndex
from adapters.fakes.transcript_repository import InMemoryTranscriptRepository
from adapters.fakes.usage_repository import InMemoryUsageRepository
from adapters.fakes.video_repository import InMemoryVideoRepository
from adapters.fakes.webhook_delivery_repository import InMemoryWebhookDeliveryRepository
from adapters.fakes.webhook_endpoint_repository import InMemoryWebhookEndpointRepository
from domain.model.errors import Unavailable
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.event_bus import EventBus, EventsWritten


class InMemoryDatabase(Database):
    """Transactions over dictionaries; with `is_down` every call fails as if the server were down."""

    def __init__(self, clock: Clock, bus: EventBus | None = None) -> None:
        self.is_down = False
        self._bus = bus
        self._clock = clock
        self._committed = Tables()
        self._writer = asyncio.Lock()

    @property
    def tables(self) -> Tables:
        """The committed tables."""
        return self._committed

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        await self.check()
        async with self._writer:
            written = self._committed.snapshot()
            events = InMemoryEventLog(written)
            yield self._unit_of_work(written, events)
            self._committed = written
        if self._bus is not None and events.has_appended:
            with suppress(Exception):  # A lost hint costs seconds; the transaction has committed.
                await self._bus.publish(EventsWritten())

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[UnitOfWork]:
        await self.check()
        snapshot = self._committed.snapshot()
        yield self._unit_of_work(snapshot, InMemoryEventLog(snapshot))

    async def check(self) -> None:
        if self.is_down:
            raise Unavailable("The database is down.", code="database_unavailable")

    def _unit_of_work(self, tables: Tables, events: InMemoryEventLog) -> UnitOfWork:
        return UnitOfWork(
            InMemoryVideoRepository(tables, self._clock, events),
            InMemoryJobRepository(tables, self._clock),
            InMemoryTranscriptRepository(tables),
            InMemoryUsageRepository(tables),
            InMemoryIdempotencyRepository(tables),
            InMemoryScheduleRepository(tables, self._clock),
            events,
            InMemoryWebhookEndpointRepository(tables),
            InMemoryWebhookDeliveryRepository(tables, self._clock),
            tickets=InMemoryTicketRepository(tables),
            playback_tokens=InMemoryPlaybackTokenRepository(tables),
            transcript_index=InMemoryTranscriptIndex(tables),
            operations=InMemoryOperationsRepository(tables, self._clock),
        )
