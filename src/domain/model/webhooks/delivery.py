"""Deliveries: one event for one endpoint, and the attempts to send it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.model.ids import DeliveryId, VideoId, WebhookId
from domain.model.webhooks.schedule import retry_delay_s

MAX_ANSWER_BYTES = 1024
GONE = 410

_SUCCESS = range(200, 300)
_REDIRECTION = range(300, 400)


class DeliveryStatus(StrEnum):
    """Whether the event has arrived."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryError(StrEnum):
    """Why an attempt failed."""

    REFUSED = "refused"
    REDIRECTED = "redirected"
    TIMED_OUT = "timed_out"
    UNRESOLVABLE = "unresolvable"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    CONNECTION_FAILED = "connection_failed"
    TLS_FAILED = "tls_failed"
    INVALID_ANSWER = "invalid_answer"
    UNSIGNED = "unsigned"
    ENDPOINT_DISABLED = "endpoint_disabled"


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one attempt: the receiver's status and the beginning of its body, or the error without one."""

    latency_ms: int
    status: int | None = None
    text: str | None = None
    retry_after_s: float | None = None
    error: DeliveryError | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver has accepted the event."""
        return self.error is None and self.status in _SUCCESS

    @property
    def is_gone(self) -> bool:
        """Whether the receiver asks for no further events."""
        return self.status == GONE

    @property
    def failure(self) -> DeliveryError | None:
        """Why the attempt failed; None if it did not."""
        if self.is_success or self.error is not None:
            return self.error
        return DeliveryError.REDIRECTED if self.status in _REDIRECTION else DeliveryError.REFUSED


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one endpoint.

    `position` is the event's in the log; a test event has none. The fields from `attempt` on describe the last attempt.
    """

    id: DeliveryId
    endpoint_id: WebhookId
    event_type: str
    body: str
    created_at: datetime
    video_id: VideoId | None = None
    position: int | None = None
    status: DeliveryStatus = DeliveryStatus.PENDING
    next_attempt_at: datetime | None = None
    attempt: int = 0
    attempted_at: datetime | None = None
    latency_ms: int | None = None
    response_status: int | None = None
    response_text: str | None = None
    error: DeliveryError | None = None

    @property
    def message_id(self) -> str:
        """The header `webhook-id`: the same for every attempt, also after a redelivery."""
        return f"msg_{self.id}"

    def attempted(self, answer: Answer, *, now: datetime) -> "Attempted":
        """The delivery after an attempt, and when the next one is due."""
        attempt = self.attempt + 1
        after = replace(
            self,
            status=DeliveryStatus.DELIVERED,
            attempt=attempt,
            attempted_at=now,
            latency_ms=answer.latency_ms,
            response_status=answer.status,
            response_text=answer.text,
            error=answer.failure,
        )
        if answer.is_success:
            return Attempted(after, None)
        delay_s = retry_delay_s(self.id, attempt, status=answer.status, retry_after_s=answer.retry_after_s)
        if answer.is_gone or delay_s is None:
            return Attempted(replace(after, status=DeliveryStatus.FAILED), None)
        return Attempted(replace(after, status=DeliveryStatus.PENDING), delay_s)


@dataclass(frozen=True, slots=True)
class Attempted:
    """A delivery after an attempt; `delay_s` is set if another attempt follows."""

    delivery: Delivery
    delay_s: float | None
