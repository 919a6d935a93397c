"""The tables of a database in memory."""

from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

from domain.model.access.idempotency import IdempotencyKey
from domain.model.access.playback_token import PlaybackToken
from domain.model.access.quota import Usage
from domain.model.access.ticket import Ticket
from domain.model.ids import DeliveryId, JobId, UserId, VideoId, WebhookId
from domain.model.jobs.job import Job
from domain.model.transcripts.transcript import ChunkTranscript, Transcript
from domain.model.videos.events import Event, LoggedEvent
from domain.model.videos.video import Video
from domain.model.webhooks.delivery import Delivery
from domain.model.webhooks.endpoint import WebhookEndpoint


@dataclass(frozen=True, slots=True)
class LogState:
    """The highest position that was ever given, and the highest that was deleted."""

    last: int = 0
    deleted_through: int = 0


@dataclass
class Tables:
    """All rows. They are immutable, so a shallow copy is a snapshot."""

    videos: dict[VideoId, Video] = field(default_factory=dict[VideoId, Video])
    jobs: dict[JobId, Job] = field(default_factory=dict[JobId, Job])
    transcripts: dict[VideoId, Transcript] = field(default_factory=dict[VideoId, Transcript])
    chunks: dict[tuple[JobId, int], ChunkTranscript] = field(default_factory=dict[tuple[JobId, int], ChunkTranscript])
    usage: dict[UserId, Usage] = field(default_factory=dict[UserId, Usage])
    idempotency_keys: dict[tuple[UserId, str], IdempotencyKey] = field(
        default_factory=dict[tuple[UserId, str], IdempotencyKey]
    )
    schedule: dict[str, datetime] = field(default_factory=dict[str, datetime])
    events: list[LoggedEvent] = field(default_factory=list[LoggedEvent])
    unsettled_events: list[Event] = field(default_factory=list[Event])
    log_state: LogState = LogState()
    webhook_endpoints: dict[WebhookId, WebhookEndpoint] = field(default_factory=dict[WebhookId, WebhookEndpoint])
    webhook_deliveries: dict[DeliveryId, Delivery] = field(default_factory=dict[DeliveryId, Delivery])
    webhook_position: int = 0
    tickets: dict[str, Ticket] = field(default_factory=dict[str, Ticket])
    playback_tokens: dict[str, PlaybackToken] = field(default_factory=dict[str, PlaybackToken])
    slots: dict[VideoId, int] = field(default_factory=dict[VideoId, int])
    """The transcripts that are indexed, with their slots."""

    def snapshot(self) -> "Tables":
        """A copy that later writes do not change."""
        return Tables(
            copy(self.videos),
            copy(self.jobs),
            copy(self.transcripts),
            copy(self.chunks),
            copy(self.usage),
            copy(self.idempotency_keys),
            copy(self.schedule),
            copy(self.events),
            copy(self.unsettled_events),
            self.log_state,
            copy(self.webhook_endpoints),
            copy(self.webhook_deliveries),
            self.webhook_position,
            tickets=copy(self.tickets),
            playback_tokens=copy(self.playback_tokens),
            slots=copy(self.slots),
        )
