"""A database in memory, with real transactions: one writer at a time, and rollback that drops the writes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from adapters.fakes.idempotency_repository import InMemoryIdempotencyRepository
from adapters.fakes.job_repository import InMemoryJobRepository
from adapters.fakes.schedule_repository import InMemoryScheduleRepository
from adapters.fakes.tables import Tables
from adapters.fakes.transcript_repository import InMemoryTranscriptRepository
from adapters.fakes.usage_repository import InMemoryUsageRepository
from adapters.fakes.video_repository import InMemoryVideoRepository
from adapters.fakes.webhook_delivery_repository import InMemoryWebhookDeliveryRepository
from adapters.fakes.webhook_endpoint_repository import InMemoryWebhookEndpointRepository
from domain.model.errors import Unavailable
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork


class InMemoryDatabase(Database):
    """Transactions over dictionaries; with `is_down` every call fails as if the server were down."""

    def __init__(self, clock: Clock) -> None:
        self.is_down = False
        self._clock = clock
        self._committed = Tables()
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        await self.check()
        async with self._writer:
            written = self._committed.snapshot()
            yield self._unit_of_work(written)
            self._committed = written

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[UnitOfWork]:
        await self.check()
        yield self._unit_of_work(self._committed.snapshot())

    async def check(self) -> None:
        if self.is_down:
            raise Unavailable("The database is down.", code="database_unavailable")

    def _unit_of_work(self, tables: Tables) -> UnitOfWork:
        return UnitOfWork(
            InMemoryVideoRepository(tables, self._clock),
            InMemoryJobRepository(tables, self._clock),
            InMemoryTranscriptRepository(tables),
            InMemoryUsageRepository(tables),
            InMemoryIdempotencyRepository(tables),
            InMemoryScheduleRepository(tables, self._clock),
            InMemoryWebhookEndpointRepository(tables),
            InMemoryWebhookDeliveryRepository(tables, self._clock),
        )
