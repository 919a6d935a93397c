"""Units of work on the database, which is the source of truth."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from domain.ports.event_log import EventLog
from domain.ports.idempotency_repository import IdempotencyRepository
from domain.ports.job_repository import JobRepository
from domain.ports.operations_repository import OperationsRepository
from domain.ports.playback_token_repository import PlaybackTokenRepository
from domain.ports.schedule_repository import ScheduleRepository
from domain.ports.ticket_repository import TicketRepository
from domain.ports.transcript_index import TranscriptIndex
from domain.ports.transcript_repository import TranscriptRepository
from domain.ports.usage_repository import UsageRepository
from domain.ports.video_repository import VideoRepository
from domain.ports.webhook_delivery_repository import WebhookDeliveryRepository
from domain.ports.webhook_endpoint_repository import WebhookEndpointRepository


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """Repositories that share one transaction."""

    videos: VideoRepository
    jobs: JobRepository
    transcripts: TranscriptRepository
    usage: UsageRepository
    idempotency_keys: IdempotencyRepository
    schedule: ScheduleRepository
    events: EventLog
    webhook_endpoints: WebhookEndpointRepository
    webhook_deliveries: WebhookDeliveryRepository
    tickets: TicketRepository
    playback_tokens: PlaybackTokenRepository
    transcript_index: TranscriptIndex
    operations: OperationsRepository


class Database(Protocol):
    """Opens units of work.

    Every call on a unit may raise `Unavailable` (retryable) when the database does not answer.
    """

    @abstractmethod
    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that commits when the block ends and rolls back when it raises.

        A video that is read inside is locked: other writing transactions wait for it until this one ends.
        After the commit of a transaction that wrote events, `EventsWritten` is published on the event bus, if the
        database was given one. A fault of the bus is ignored.
        """

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A read-only transaction on one snapshot of the database."""

    @abstractmethod
    async def check(self) -> None:
        """Check that the database answers and has the tables that this version needs.

        Raises:
            Unavailable: it does not; the detail says why.
        """
