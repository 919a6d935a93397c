"""Builders of webhook endpoints and deliveries."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypedDict, Unpack

from domain.model.ids import DeliveryId, JobId, UserId, VideoId, WebhookId
from domain.model.jobs.job import NewJob
from domain.model.jobs.payloads import DeliverPayload
from domain.model.webhooks.delivery import Delivery, DeliveryStatus
from domain.model.webhooks.endpoint import DisabledReason, EndpointSecrets, WebhookEndpoint
from tests.support.builders import NOW, OWNER, a_uuid

# Hosts of URLs that name an address that is not on the public Internet, in the spellings of inet_aton, WHATWG and IDNA.
PRIVATE_HOSTS = tuple(Path(__file__).with_name("private_hosts.txt").read_text(encoding="utf-8").splitlines())
WEBHOOK_ID = WebhookId(a_uuid(501))
URL = "https://receiver.example/hook"


class EndpointFields(TypedDict, total=False):
    """Fields of an endpoint that a test can set."""

    id: WebhookId
    owner: UserId
    url: str
    events: tuple[str, ...]
    description: str | None
    secrets: EndpointSecrets
    starts_after: int
    created_at: datetime
    disabled_reason: DisabledReason | None
    failing_since: datetime | None


class DeliveryFields(TypedDict, total=False):
    """Fields of a delivery that a test can set."""

    endpoint_id: WebhookId
    event_type: str
    body: str
    created_at: datetime
    video_id: VideoId | None
    position: int | None
    status: DeliveryStatus
    attempt: int


def an_endpoint(**fields: Unpack[EndpointFields]) -> WebhookEndpoint:
    """An enabled endpoint of the owner for every event."""
    secrets = EndpointSecrets("fake:AA==")
    return replace(WebhookEndpoint(WEBHOOK_ID, OWNER, URL, ("*",), None, secrets, 0, NOW, NOW), **fields)


def a_delivery(number: int = 1, **fields: Unpack[DeliveryFields]) -> Delivery:
    """A pending delivery whose id holds the number."""
    body = '{"type":"video.completed"}'
    return replace(
        Delivery(DeliveryId(a_uuid(600 + number)), WEBHOOK_ID, "video.completed", body, created_at=NOW), **fields
    )


def a_deliver_job(endpoint_id: WebhookId = WEBHOOK_ID, *, delay_s: float = 0.0) -> NewJob:
    """The job of an endpoint."""
    return NewJob(JobId(endpoint_id), VideoId(endpoint_id), DeliverPayload(), 10, delay_s)
